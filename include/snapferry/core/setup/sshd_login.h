#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What `sshd -T` says that matters to a sender; sshd_config(5).
namespace snapferry::setup {

struct SshdFacts {
    std::vector<unsigned> ports;
    std::vector<std::string> host_keys;  ///< the paths of the private ones
};

/// Its defaults where the text says nothing of it.
SshdFacts parse_sshd_facts(std::string_view text);

/// The setting that keeps a user, who is in these groups, from logging in with a key: "allowusers
/// pi". Nothing where none does.
std::optional<std::string> setting_against_login(std::string_view text, std::string_view user,
                                                 std::span<const std::string> groups);

/// Whether somebody listens at the port, as /proc/net/tcp or tcp6 tells it. To connect instead
/// would count against this machine at sshd.
bool has_listener(std::string_view proc_net_tcp, unsigned port);

}  // namespace snapferry::setup
