#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/access/users.h"

/// What setting up asks the machine's own programs, and has them do.
namespace snapferry::setup {

struct Answer {
    bool succeeded = false;
    std::string said;  ///< on both outputs, escaped, its last lines in one
    std::string text;  ///< the same, as it was said
};

/// Runs a program of the system to its end. Throws Failure where it is not installed or takes
/// longer than that.
Answer ask(std::string_view program, std::vector<std::string> arguments,
           std::chrono::seconds patience = std::chrono::seconds{60});

/// The same; throws Failure (configuration) with what it said where it fails. `doing`: "make the
/// user backups".
void have_done(std::string_view doing, std::string_view program, std::vector<std::string> arguments,
               std::chrono::seconds patience = std::chrono::seconds{60});

/// Nothing where there is no such user.
std::optional<User> user_named(const std::string& name);

/// Their names; of a user who is still to be made, the one that is made with it, of the same name.
std::vector<std::string> groups_of(const std::string& user);

/// What `sshd -T` says of this user, or of nobody; empty where sshd cannot tell, as when it has
/// never run. Throws Failure where it is not installed.
std::string sshd_settings_of(const std::string& user);

/// The file that sshd looks for this user's keys in first. Throws Failure where it looks in none.
std::filesystem::path key_file_of(const User& user);

/// The snapshot-receive beside this program.
std::filesystem::path receiver_program();

/// Why the file cannot be changed as a file of root's alone: it is a symlink, somebody else's.
/// Nothing where it can, or is not there.
std::optional<std::string> why_not_to_edit(const std::filesystem::path& file);

/// Empty where there is no such file.
std::string text_of(const std::filesystem::path& file);

/// Makes a directory of root's, with what is missing above it, 0755. Throws Failure.
void make_directory_of_root(const std::filesystem::path& path, unsigned mode = 0755);

/// True where systemd runs this machine.
bool has_systemd();

}  // namespace snapferry::setup
