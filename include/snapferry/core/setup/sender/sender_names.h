#pragma once

#include <set>
#include <string>
#include <string_view>

/// What pairing calls things in send.toml.
namespace snapferry::setup {

/// A name for [receivers.NAME] from that of a machine: "pi.lan" is "pi", an address is "pi" too.
/// One that is not among those that are taken.
std::string receiver_name_for(std::string_view host, const std::set<std::string>& taken);

/// A name for [jobs.NAME]: the tag, or with the receiver's behind it where that is taken.
std::string job_name_for(const std::string& tag, const std::string& receiver,
                         const std::set<std::string>& taken);

/// What can be a tag from the last part of a path that snapshots lie in, or the tag of their names:
/// empty where neither can.
std::string tag_for(std::string_view directory, std::string_view source_tag);

}  // namespace snapferry::setup
