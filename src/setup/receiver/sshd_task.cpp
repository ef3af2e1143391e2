#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sshd_login.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

/// ssh.socket listens for ssh.service where it is used.
bool is_enabled() {
    return !has_systemd() || ask("systemctl", {"--quiet", "is-enabled", "ssh.service"}).succeeded ||
           ask("systemctl", {"--quiet", "is-enabled", "ssh.socket"}).succeeded ||
           ask("systemctl", {"--quiet", "is-enabled", "sshd.service"}).succeeded;
}

class SshdTask : public Task {
  public:
    explicit SshdTask(const ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{"sshd",
                  fmt::format("sshd runs, also after a start, and lets {} in", wishes_.user),
                  "/etc/ssh/sshd_config",
                  {},
                  {},
                  {},
                  {}};
        try {
            return look_at_sshd(step);
        } catch (const Failure& failure) {
            return blocked(step, failure.what(), failure.hint());
        }
    }

    void carry_out() override {
        have_done("turn sshd on", "systemctl", {"enable", "--now", "ssh"});
        constexpr std::chrono::seconds patience{30};
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!is_sshd_listening() && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds{200});
        }
    }

  private:
    [[nodiscard]] Step look_at_sshd(Step step) const {
        const auto settings = sshd_settings_of(wishes_.user);
        if (const auto against =
                setting_against_login(settings, wishes_.user, groups_of(wishes_.user))) {
            return blocked(step,
                           fmt::format("sshd lets {} not in by a key: {}", wishes_.user,
                                       escape_text(*against)),
                           fmt::format("allow {} in /etc/ssh/sshd_config", wishes_.user));
        }
        const bool listens = is_sshd_listening();
        if (listens && is_enabled()) {
            return done(step);
        }
        const auto why = listens ? "sshd is not started with the machine" : "sshd does not run";
        if (!wishes_.enable_ssh) {
            return left(step, why, "say --enable-ssh, or: systemctl enable --now ssh");
        }
        if (!has_systemd()) {
            return blocked(step, fmt::format("{}, and systemd does not run this machine", why),
                           "start sshd as this machine starts its services");
        }
        step.shown = {"$ systemctl enable --now ssh"};
        return step;
    }

    const ReceiverWishes& wishes_;
};

}  // namespace

bool is_sshd_listening() {
    const auto facts = parse_sshd_facts(sshd_settings_of({}));
    const auto sockets = text_of("/proc/net/tcp") + text_of("/proc/net/tcp6");
    return std::ranges::any_of(facts.ports,
                               [&](unsigned port) { return has_listener(sockets, port); });
}

std::unique_ptr<Task> sshd_task(const ReceiverWishes& wishes) {
    return std::make_unique<SshdTask>(wishes);
}

}  // namespace snapferry::setup
