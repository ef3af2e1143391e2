#include "snapferry/receive/setup/access.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "snapferry/core/access/account.h"
#include "snapferry/core/access/users.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program_output.h"

namespace snapferry::receive {
namespace {

constexpr auto sudoers = "/etc/sudoers";
constexpr auto more_sudoers = "/etc/sudoers.d";
constexpr std::size_t max_key_file = 1024 * 1024;  // bytes; a key takes a few hundred

std::string own_program() {
    return (sys::own_directory() / "snapshot-receive").native();
}

/// Nothing where nothing is there. A symlink is followed, as sshd and sudo follow it.
std::optional<GuardedPlace> place_at(const std::filesystem::path& path) {
    struct stat data {};
    if (::stat(path.c_str(), &data) != 0) {
        return std::nullopt;
    }
    return GuardedPlace{escape_text(path.native()), data.st_uid, data.st_gid, data.st_mode};
}

/// The file, and what is above it up to the user's home directory: as sshd's StrictModes looks.
std::vector<GuardedPlace> places_up_to(const std::filesystem::path& file,
                                       const std::filesystem::path& home) {
    std::vector<GuardedPlace> places;
    for (auto path = file;; path = path.parent_path()) {
        if (auto place = place_at(path)) {
            places.push_back(std::move(*place));
        }
        if (path == home || path == path.parent_path()) {
            return places;
        }
    }
}

bool concerns_receiver(const SudoGrant& grant) {
    using Kind = GrantMeaning::Kind;
    const auto kind = meaning_of(grant).kind;
    return kind == Kind::one_tag || kind == Kind::any_arguments || kind == Kind::no_tag ||
           (kind == Kind::wildcard && grant.command.find("snapshot-receive") != std::string::npos);
}

class AccessCheck {
  public:
    std::vector<Finding> run() {
        look([&] { look_at_sudo(); });
        look([&] { look_at_users(); });
        if (accounts_ == 0 && findings_.empty()) {
            findings_.push_back(
                {CheckState::ok, "nobody can start snapshot-receive over ssh here"});
        }
        return std::move(findings_);
    }

    bool is_every_key_forced(const std::string& name) {
        bool has_keys = false;
        bool has_shell = false;
        for (const auto& user : parse_users(sys::output_of("getent", {"passwd", name}))) {
            const auto settings = sshd_settings(name);
            for (const auto& file : key_files(user, settings)) {
                for (const auto& key : file.keys) {
                    has_keys = true;
                    has_shell |= !key.understood || !(key.command || settings.forced_command);
                }
            }
            has_shell |= settings.asks_a_program;
        }
        return has_keys && !has_shell && findings_.empty();
    }

  private:
    void look_at_sudo() {
        grants_ = parse_sudo_rules(sys::output_of("cvtsudoers", {"-e", "-f", "json", sudoers}));
        std::set<std::filesystem::path> paths{sudoers, more_sudoers};
        for (const auto& entry : sys::entries_of(more_sudoers, ExitCode::configuration)) {
            // sudoers(5): others with a dot or a tilde are passed over
            if (entry.name.find('.') == std::string::npos && !entry.name.ends_with('~')) {
                paths.insert(entry.path);
            }
        }
        for (const auto& grant : grants_) {
            if (concerns_receiver(grant)) {
                const std::filesystem::path program = meaning_of(grant).program;
                paths.insert(program);
                paths.insert(program.parent_path());
            }
        }
        std::vector<GuardedPlace> places;
        for (const auto& path : paths) {
            if (auto place = place_at(path)) {
                places.push_back(std::move(*place));
            }
        }
        take(judge_places_of_root(places));
    }

    void look_at_users() {
        const auto users = parse_users(sys::output_of("getent", {"passwd"}));
        const auto settings = sshd_settings({});
        for (const auto& user : users) {
            look([&] { look_at(user, settings); });
        }
    }

    void look_at(const User& user, const SshdSettings& usual) {
        Account account{user.name, user.id, {}, key_files(user, usual), usual.forced_command};
        const bool has_rule = std::any_of(grants_.begin(), grants_.end(), [&](const auto& grant) {
            return names(grant, user) && concerns_receiver(grant);
        });
        if (!has_rule && !has_key_that_receives(account)) {
            return;
        }
        ++accounts_;
        const auto settings = sshd_settings(user.name);
        if (settings.asks_a_program) {
            findings_.push_back(
                {CheckState::unknown,
                 fmt::format(
                     "sshd asks a program for keys of {} (AuthorizedKeysCommand), which are "
                     "not looked at",
                     escape_text(user.name))});
        }
        account.forced_by_sshd = settings.forced_command;
        if (settings.key_files != usual.key_files) {
            account.key_files = key_files(user, settings);
        }
        account.grants = grants_of(user);
        take(judge_account(account, own_program()));
    }

    /// sshd's settings for a user, or the general ones; its defaults where it does not tell.
    SshdSettings sshd_settings(const std::string& user) {
        try {
            std::vector<std::string> arguments{"-T"};
            if (!user.empty()) {
                arguments.insert(arguments.end(),
                                 {"-C", "user=" + user + ",host=localhost,addr=127.0.0.1"});
            }
            return parse_sshd_settings(sys::output_of("sshd", std::move(arguments)));
        } catch (const Failure& failure) {
            if (user.empty()) {
                findings_.push_back(
                    {CheckState::unknown,
                     fmt::format("where sshd looks for keys is not known, so its usual files were "
                                 "looked at: {}",
                                 failure_text(failure))});
            }
            return {{".ssh/authorized_keys", ".ssh/authorized_keys2"}, std::nullopt, false};
        }
    }

    static bool names(const SudoGrant& grant, const User& user) {
        return std::any_of(grant.users.begin(), grant.users.end(), [&](const std::string& name) {
            return name == user.name || name == "#" + std::to_string(user.id);
        });
    }

    /// What sudo lets the user do, by name or by group.
    static std::vector<SudoGrant> grants_of(const User& user) {
        return parse_sudo_rules(sys::output_of(
            "cvtsudoers", {"-e", "-p", "-M", "-m", "user=" + user.name, "-f", "json", sudoers}));
    }

    std::vector<KeyFile> key_files(const User& user, const SshdSettings& settings) {
        std::vector<KeyFile> files;
        for (const std::filesystem::path path : key_files_of(user, settings)) {
            look([&] {
                if (const auto text = sys::read_small_file(path, max_key_file)) {
                    files.push_back({escape_text(path.native()), parse_authorized_keys(*text),
                                     places_up_to(path, user.home)});
                }
            });
        }
        return files;
    }

    static bool has_key_that_receives(const Account& account) {
        const auto receives = [](const KeyLine& key) {
            return key.command &&
                   parse_forced_command(*key.command).kind == ForcedCommand::Kind::receives;
        };
        return std::any_of(account.key_files.begin(), account.key_files.end(),
                           [&](const KeyFile& file) {
                               return std::any_of(file.keys.begin(), file.keys.end(), receives);
                           });
    }

    /// Does one part; that it cannot be done is what it finds then.
    void look(const std::function<void()>& part) {
        try {
            part();
        } catch (const Failure& failure) {
            findings_.push_back({CheckState::unknown, failure_text(failure)});
        } catch (const std::exception& error) {
            findings_.push_back({CheckState::unknown, escape_text(error.what())});
        }
    }

    void take(std::vector<Finding> found) {
        std::move(found.begin(), found.end(), std::back_inserter(findings_));
    }

    std::vector<SudoGrant> grants_;
    std::size_t accounts_ = 0;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_access() {
    return AccessCheck().run();
}

bool is_every_key_forced(const std::string& user) {
    return AccessCheck().is_every_key_forced(user);
}

std::string key_options(const Tag& tag) {
    return snapferry::key_options(own_program(), tag.text(), true);
}

}  // namespace snapferry::receive
