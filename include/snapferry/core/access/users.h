#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snapferry {

/// A line of what `getent passwd` says; passwd(5).
struct User {
    std::string name;
    std::uint32_t id = 0;
    std::string home;
    std::string shell{};
};

/// Lines that are none are passed over.
std::vector<User> parse_users(std::string_view text);

/// What `sshd -T -C user=NAME` says; sshd_config(5).
struct SshdSettings {
    std::vector<std::string> key_files;  ///< as configured: with %h, %u and %%, or below the home
    std::optional<std::string> forced_command;
    bool asks_a_program = false;  ///< AuthorizedKeysCommand: there may be keys in no file
};

SshdSettings parse_sshd_settings(std::string_view text);

/// The paths that these settings mean for a user.
std::vector<std::string> key_files_of(const User& user, const SshdSettings& settings);

}  // namespace snapferry
