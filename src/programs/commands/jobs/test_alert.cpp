#include <fmt/format.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/alert/mail_form.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/report/hook_environment.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/alert/smtp.h"
#include "snapferry/sys/alert/teller.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/random_uuid.h"
#include "snapferry/sys/processes/hook_command.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::commands {
namespace {

constexpr std::size_t most_said = 1000;  // bytes of what a hook says that are shown

std::string joined(const std::vector<std::string>& words) {
    return escape_text(fmt::format("{}", fmt::join(words, " ")));
}

alert::Message test_message() {
    const auto machine = sys::machine_name();
    return {"test", fmt::format("[snapferry] {}: a test", escape_text(machine)),
            "This is a test by snapferry test-alert: nothing is wrong.\n"
            "What is told here comes when a backup fails or is too old, and when that is over.\n"};
}

/// Tries each thing that is configured once, and says what became of it.
class Test {
  public:
    /// Tries what it does, and says how that went.
    void attempt(const std::string& what, const std::function<void()>& work) {
        ++tried_;
        try {
            work();
            print(fmt::format("{}: done\n", what));
        } catch (const Failure& failure) {
            ++failed_;
            print(fmt::format("{}: FAILED: {}\n", what, failure_text(failure)));
        }
    }

    void mail(const alert::MailSettings& mail) {
        attempt(fmt::format("mail to {} by {}:{}", joined(mail.to), mail.server, mail.port), [&] {
            sys::send_mail(mail, alert::mail_text({mail.from, mail.to, sys::machine_name(),
                                                   sys::random_uuid().text(), now()},
                                                  test_message()));
        });
    }

    /// Each program once for each event, whatever jobs have it.
    void hook(const std::string& key, const std::vector<std::string>& hook,
              std::vector<std::string> environment, std::chrono::seconds timeout) {
        if (hook.empty() || !hooks_.emplace(key, hook).second) {
            return;
        }
        const auto message = test_message();
        environment.push_back("SNAPFERRY_TEST=1");
        environment.push_back("SNAPFERRY_SUBJECT=" + message.subject);
        environment.push_back("SNAPFERRY_MESSAGE=" + message.body);
        attempt(fmt::format("hook {}, {}", key, joined(hook)), [&] {
            const auto end =
                sys::run_within(sys::hook_command(hook, environment), timeout, most_said);
            if (!end.status || !end.status->is_success()) {
                const auto how = end.status ? end.status->text() : "killed, as it took too long";
                throw Failure(ExitCode::connection,
                              end.said.empty() ? how : how + ": " + escape_text(end.said));
            }
        });
    }

    [[nodiscard]] ExitCode outcome() const {
        if (tried_ == 0) {
            throw Failure(ExitCode::configuration,
                          "nobody would be told: neither [mail] nor a hook is "
                          "configured here",
                          "see [mail] and [hooks] in snapferry-send.toml(5) and [mail] in "
                          "snapferry-receive.toml(5)");
        }
        if (failed_ > 0) {
            throw Failure(ExitCode::connection, fmt::format("{} of {} failed", failed_, tried_));
        }
        return ExitCode::done;
    }

  private:
    std::set<std::pair<std::string, std::vector<std::string>>> hooks_;
    unsigned tried_ = 0;
    unsigned failed_ = 0;
};

RunReport test_report(const send::Job& job, bool is_well) {
    RunReport report;
    report.run = sys::random_uuid().text();
    report.job = job.name;
    report.identity = identity_of(job);
    report.started = now();
    report.outcome = is_well ? ExitCode::done : ExitCode::connection;
    report.error = is_well ? "" : "this is a test by snapferry test-alert: nothing is wrong";
    return report;
}

void test_hooks_of(const send::Job& job, Test& test) {
    const auto& hooks = job.alerts.hooks;
    const auto call = [&](std::string_view event, const send::HookCommand& hook, bool is_well) {
        test.hook(
            fmt::format("on_{}", event), hook,
            hook_environment(event == "alert" ? "test" : event, test_report(job, is_well), {}),
            hooks.timeout);
    };
    call("success", hooks.on_success, true);
    call("failure", hooks.on_failure, false);
    call("stale", hooks.on_stale, false);
    call("fresh", hooks.on_fresh, true);
    call("alert", hooks.on_alert, false);
}

void test_sending(const Shared& shared, Test& test) {
    const auto config = send::load_config(shared.config);
    if (config.mail) {
        test.mail(*config.mail);
    }
    for (const auto& job : config.jobs) {
        test_hooks_of(job, test);
    }
}

void test_receiving(Test& test) {
    const auto config = receive::load_config(receive::config_path);
    if (config.mail) {
        test.mail(*config.mail);
    }
    test.hook("on_alarm", config.on_alarm,
              {"SNAPFERRY_HOOK=on_alarm", "SNAPFERRY_TAG=test", "SNAPFERRY_SNAPSHOT=",
               "SNAPFERRY_ALARM=this is a test by snapferry test-alert: nothing is wrong"},
              config.hook_timeout);
    test.hook("on_alert", config.on_alert, {"SNAPFERRY_EVENT=test"}, config.hook_timeout);
}

ExitCode test_alert(const Shared& shared) {
    sys::require_root("the configuration and its hooks are root's");
    Test test;
    if (sys::is_there(shared.config)) {
        test_sending(shared, test);
    }
    if (sys::is_there(receive::config_path)) {
        test_receiving(test);
    }
    return test.outcome();
}

}  // namespace

Command declare_test_alert(CLI::App& app, const Shared& shared) {
    auto* const command = app.add_subcommand(
        "test-alert", "send one of each mail and call each hook, and say what became of it");
    return {command, [&shared] { return test_alert(shared); }};
}

}  // namespace snapferry::commands
