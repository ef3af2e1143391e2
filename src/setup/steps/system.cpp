#include "system.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/last_lines.h"
#include "snapferry/core/text/split.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/processes/run_within.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::setup {
namespace {

constexpr auto code = ExitCode::configuration;
constexpr std::size_t most_said = std::size_t{4} * 1024 * 1024;     // bytes
constexpr std::size_t largest_file = std::size_t{4} * 1024 * 1024;  // bytes
constexpr mode_t others_may_write = S_IWGRP | S_IWOTH;

}  // namespace

Answer ask(std::string_view program, std::vector<std::string> arguments,
           std::chrono::seconds patience) {
    sys::Command command;
    command.program = sys::find_program(program);
    command.arguments = std::move(arguments);
    auto end = sys::run_within(std::move(command), patience, most_said);
    if (!end.status) {
        throw Failure(code, fmt::format("{} took longer than {} s", program, patience.count()),
                      "run it by hand, as root, to see why");
    }
    LastLines last;
    last.push(std::as_bytes(std::span(end.said)));
    return {end.status->is_success(), last.text(), std::move(end.said)};
}

void have_done(std::string_view doing, std::string_view program, std::vector<std::string> arguments,
               std::chrono::seconds patience) {
    const auto answer = ask(program, std::move(arguments), patience);
    if (!answer.succeeded) {
        throw Failure(code,
                      fmt::format("cannot {}: {} says: {}", doing, program,
                                  answer.said.empty() ? "nothing" : answer.said),
                      "mend that, and run this again: it goes on where it was");
    }
}

std::optional<User> user_named(const std::string& name) {
    for (auto& user : parse_users(sys::output_of("getent", {"passwd"}))) {
        if (user.name == name) {
            return std::move(user);
        }
    }
    return std::nullopt;
}

std::vector<std::string> groups_of(const std::string& user) {
    const auto answer = ask("id", {"--groups", "--name", "--zero", "--", user});
    if (!answer.succeeded) {
        return {user};
    }
    std::vector<std::string> groups;
    for (const auto name : split(answer.text, '\0')) {
        if (!name.empty()) {
            groups.emplace_back(name);
        }
    }
    return groups;
}

std::string sshd_settings_of(const std::string& user) {
    std::vector<std::string> arguments{"-T"};
    if (!user.empty()) {
        arguments.insert(arguments.end(),
                         {"-C", "user=" + user +
                                    ",host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22,"
                                    "rdomain="});  // all that a Match may ask for
    }
    const auto answer = ask("sshd", std::move(arguments));
    return answer.succeeded ? answer.text : "";
}

std::filesystem::path key_file_of(const User& user) {
    const auto said = sshd_settings_of(user.name);
    const auto files = said.empty() ? std::vector<std::string>{user.home + "/.ssh/authorized_keys"}
                                    : key_files_of(user, parse_sshd_settings(said));
    if (files.empty()) {
        throw Failure(code, "sshd looks for keys in no file (AuthorizedKeysFile none)",
                      fmt::format("let it look in .ssh/authorized_keys for {} (Match User {} in "
                                  "/etc/ssh/sshd_config)",
                                  user.name, user.name));
    }
    return files.front();
}

std::filesystem::path receiver_program() {
    return sys::own_directory() / "snapshot-receive";
}

std::optional<std::string> why_not_to_edit(const std::filesystem::path& file) {
    const auto kind = sys::kind_of(file);
    if (!kind) {
        return std::nullopt;
    }
    if (*kind != sys::EntryKind::file) {
        return *kind == sys::EntryKind::symlink ? "it is a symlink" : "it is no regular file";
    }
    struct stat data {};
    if (::stat(file.c_str(), &data) != 0) {
        return "it cannot be looked at: " + sys::error_text(errno);
    }
    if (data.st_uid != 0) {
        return fmt::format("it belongs to user {}, not to root", data.st_uid);
    }
    if ((data.st_mode & others_may_write) != 0) {
        return "others than root can write it";
    }
    return std::nullopt;
}

std::string text_of(const std::filesystem::path& file) {
    return sys::read_small_file(file, largest_file).value_or("");
}

void make_directory_of_root(const std::filesystem::path& path, unsigned mode) {
    std::filesystem::path made;
    for (const auto& part : path) {
        made /= part;
        const bool is_last = made == path;
        if (::mkdir(made.c_str(), is_last ? static_cast<mode_t>(mode) : 0755) == 0) {
            if (::chmod(made.c_str(), is_last ? static_cast<mode_t>(mode) : 0755) != 0) {
                throw sys::system_failure(code, "set the mode of " + escape_text(made.native()));
            }
            sys::sync_directory_of(made, code);
        } else if (errno != EEXIST) {
            throw sys::system_failure(code, "make the directory " + escape_text(made.native()));
        }
    }
}

bool has_systemd() {
    return sys::kind_of("/run/systemd/system") == sys::EntryKind::directory;
}

}  // namespace snapferry::setup
