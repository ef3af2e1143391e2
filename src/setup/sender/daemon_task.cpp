#include <fmt/format.h>

#include "../steps/system.h"
#include "sender_tasks.h"
#include "snapferry/core/failure.h"
#include "snapferry/setup/sender/daemon.h"

namespace snapferry::setup {
namespace {

constexpr auto unit = "snapferry-send.service";

bool systemd_says(const std::string& question) {
    return ask("systemctl", {question, "--quiet", unit}).succeeded;
}

class DaemonTask final : public Task {
  public:
    explicit DaemonTask(const SenderWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{"daemon",
                  "send whatever appears, from now on and whenever this machine starts",
                  unit,
                  {fmt::format("$ {}", command_to_start_daemon)},
                  Step::State::to_do,
                  {},
                  {}};
        if (!has_systemd()) {
            return left(step, "systemd does not run this machine",
                        "run snapshot-send --all by cron");
        }
        if (systemd_says("is-enabled") && systemd_says("is-active")) {
            return done(step);
        }
        return wishes_.start_daemon
                   ? step
                   : left(step, "not asked for", fmt::format("run: {}", command_to_start_daemon));
    }

    void carry_out() override {
        have_done("start the daemon", "systemctl", {"enable", "--now", unit});
    }

  private:
    const SenderWishes& wishes_;
};

}  // namespace

std::unique_ptr<Task> daemon_task(const SenderWishes& wishes) {
    return std::make_unique<DaemonTask>(wishes);
}

bool can_start_daemon() {
    return has_systemd() && !(systemd_says("is-enabled") && systemd_says("is-active"));
}

void start_daemon() {
    have_done("start the daemon", "systemctl", {"enable", "--now", unit});
}

void have_daemon_reload() {
    if (has_systemd() && systemd_says("is-active")) {
        have_done("have the daemon read its configuration", "systemctl", {"reload", unit});
    }
}

}  // namespace snapferry::setup
