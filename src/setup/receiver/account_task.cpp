#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

constexpr mode_t others_may_write = S_IWGRP | S_IWOTH;
constexpr mode_t others_may_enter = S_IXOTH;

class AccountTask : public Task {
  public:
    explicit AccountTask(std::string user) : user_(std::move(user)) {}

    [[nodiscard]] Step look() const override {
        Step step{"account",
                  fmt::format("a user {} for the sender, with a home that is root's", user_),
                  home_of_new(),
                  {},
                  Step::State::to_do,
                  {},
                  {}};
        const auto user = user_named(user_);
        if (!user) {
            step.shown = {"$ useradd " + joined(useradd()), "$ mkdir -p " + ssh_of(home_of_new())};
            return step;
        }
        return look_at(*user, step);
    }

    void carry_out() override {
        if (!user_named(user_)) {
            have_done(fmt::format("make the user {}", user_), "useradd", useradd());
        }
        const auto user = user_named(user_);
        if (!user) {
            throw Failure(ExitCode::configuration, fmt::format("there is no user {}", user_),
                          "see what useradd says: useradd --system " + user_);
        }
        make_directory_of_root(ssh_of(user->home));
    }

  private:
    [[nodiscard]] std::string home_of_new() const { return "/var/lib/" + user_; }

    static std::string ssh_of(const std::string& home) { return home + "/.ssh"; }

    /// A password of "*" is none that fits, and unlike "!" no locked account, which sshd refuses
    /// where it does not use PAM.
    [[nodiscard]] std::vector<std::string> useradd() const {
        return {"--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                home_of_new(),
                "--password",
                "*",
                "--shell",
                "/bin/sh",
                "--comment",
                "receives the backups",
                user_};
    }

    /// For a shell.
    static std::string joined(const std::vector<std::string>& words) {
        std::string line;
        for (const auto& word : words) {
            const bool is_plain = word.find_first_of(" *") == std::string::npos;
            line += fmt::format("{}{}", line.empty() ? "" : " ",
                                is_plain ? word : fmt::format("'{}'", word));
        }
        return line;
    }

    [[nodiscard]] Step look_at(const User& user, Step step) const {
        step.where = escape_text(user.home);
        if (user.id == 0) {
            return blocked(step, fmt::format("{} is root by another name", user_),
                           "name another user by --user");
        }
        if (user.shell.ends_with("/nologin") || user.shell.ends_with("/false")) {
            return blocked(
                step,
                fmt::format("the shell of {} is {}, which starts no receiver", user_,
                            escape_text(user.shell)),
                fmt::format("usermod --shell /bin/sh {}, or name another user by --user", user_));
        }
        if (user.home.empty() || !user.home.starts_with('/') || user.home == "/") {
            return blocked(step, fmt::format("{} has no home of its own", user_),
                           "name another user by --user");
        }
        for (const std::filesystem::path path : {user.home, ssh_of(user.home)}) {
            if (look_at_directory(path, user, step)) {
                return step;
            }
        }
        if (step.shown.empty()) {
            done(step);
        }
        return step;
    }

    /// True where it blocks.
    [[nodiscard]] bool look_at_directory(const std::filesystem::path& path, const User& user,
                                         Step& step) const {
        const auto shown = escape_text(path.native());
        struct stat data {};
        if (::lstat(path.c_str(), &data) != 0) {
            step.shown = {"$ mkdir -p " + ssh_of(step.where)};
            return false;
        }
        if (!S_ISDIR(data.st_mode)) {
            blocked(step, fmt::format("{} is no directory", shown), "look what it is");
            return true;
        }
        if (data.st_uid != 0) {
            blocked(
                step,
                fmt::format("{} belongs to {}, who could let its key do more", shown,
                            data.st_uid == user.id ? user_ : fmt::format("user {}", data.st_uid)),
                fmt::format("where {0} has no other purpose: chown root:root {1} && chmod 755 "
                            "{1}; or else name another user by --user",
                            user_, shown));
            return true;
        }
        if ((data.st_mode & others_may_write) != 0 || (data.st_mode & others_may_enter) == 0) {
            blocked(step,
                    fmt::format("the mode of {} is {:04o}: others must be able to enter it, and "
                                "not to change it",
                                shown, data.st_mode & 07777U),
                    fmt::format("chmod 755 {}", shown));
            return true;
        }
        return false;
    }

    std::string user_;
};

}  // namespace

std::unique_ptr<Task> account_task(const ReceiverWishes& wishes) {
    return std::make_unique<AccountTask>(wishes.user);
}

}  // namespace snapferry::setup
