#pragma once

#include <string>
#include <string_view>

/// The rules that let a user start the receiver of one tag, a line each, in a file of their own
/// below sudoers.d; sudoers(5).
namespace snapferry::setup {

/// "backups ALL=(root) NOPASSWD: /usr/sbin/snapshot-receive home"
std::string sudo_rule(std::string_view user, std::string_view program, std::string_view tag);

/// A new file begins with a word on what it is.
std::string with_sudo_rule(std::string_view text, std::string_view rule);

/// Without the lines that are rules for this tag and nothing else, whosesoever and by whichever
/// path of snapshot-receive.
std::string without_sudo_rules_of(std::string_view text, std::string_view tag);

/// Whether there is more than comments.
bool has_sudo_rules(std::string_view text);

/// Whether sudoers includes the files of this directory: @includedir or #includedir.
bool includes_directory(std::string_view sudoers, std::string_view directory);

}  // namespace snapferry::setup
