#include "pairing.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "../setup/setup_command.h"
#include "../surroundings.h"
#include "dry_run.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/ssh_address.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/login/person_login.h"
#include "snapferry/setup/pair/remote_receiver.h"
#include "snapferry/setup/sender/daemon.h"
#include "snapferry/setup/sender/sender_setup.h"
#include "snapferry/sys/history.h"

namespace snapferry::commands {
namespace {

using setup::Plan;
using setup::Step;
using Options = PairOptions;

/// As send.toml has it: without the brackets of an IPv6 address. Throws Failure (configuration)
/// before anything is done anywhere.
std::string plain_host(const std::string& host) {
    const bool is_bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
    return parse_ssh_address("x@" + (is_bare_v6 ? "[" + host + "]" : host)).host;
}

/// Where the unattended sender will go: it reads nobody's ssh configuration.
ClientSettings place_of(const login::PersonLogin& person, const Options& options) {
    auto place = person.client_settings();
    if (place.goes_through_another && options.host.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("your ssh reaches {} through another machine, and what runs "
                                  "unattended goes there itself",
                                  escape_text(person.address().host)),
                      "say where it is reached from here: --host HOST [--port PORT]");
    }
    place.host = options.host.empty() ? place.host : plain_host(options.host);
    place.port = options.port.value_or(place.port);
    return place;
}

/// What is to be so at both machines.
class Pairing {
  public:
    Pairing(const Options& options, const Shared& shared)
        : options_(options),
          shared_(shared),
          person_(parse_person_address(options.login)),
          place_(place_of(person_, options)),
          what_(choose_what_is_meant(shared)),
          sender_(sender_wishes(shared)),
          wishes_(Tag::parse(what_.tag)),
          there_(person_) {
        wishes_.user = user_;
        wishes_.replace_key = options.replace_key;
        wishes_.enable_ssh = options.enable_ssh;
        if (!options.disk.empty()) {
            wishes_.disk = options.disk;
        }
        if (!options.keep.empty()) {
            wishes_.keep = options.keep;
        }
        if (!options.format.empty()) {
            wishes_.format = setup::FormatWish{options.format, {}};
        }
    }

    ExitCode run() {
        wishes_.key = sender_.public_key();
        look();
        if (options_.check) {
            return test();
        }
        show_plans();
        if (options_.plan) {
            return ExitCode::done;
        }
        refuse_blocked(plan_there_, host() + " says: ");
        refuse_blocked(plan_here_);
        if (!has_something_to_do()) {
            print("Nothing is to be changed.\n");
        } else {
            require_agreement("Change both machines so?", options_.yes);
            carry_out();
        }
        sender_.forget_unfinished();
        const auto code = test();
        if (code == ExitCode::done) {
            say_what_is_next();
        }
        return code;
    }

    ExitCode run_back() {
        plan_there_ = there_.look_back(wishes_);
        plan_here_ = sender_.look_back();
        show_plans();
        if (options_.plan) {
            return ExitCode::done;
        }
        refuse_blocked(plan_there_, host() + " says: ");
        require_own();
        sender_.forget_unfinished();
        if (!has_something_to_do()) {
            print("Nothing is left to take back.\n");
            return ExitCode::done;
        }
        require_agreement("Take it back at both machines?", options_.yes);
        const auto job = sender_.job();
        there_.take_back(wishes_, plan_there_, tell_of(host()));
        sender_.take_back(tell_of("here"));
        if (job) {
            forget(*job);
        }
        there_.say_goodbye();
        return ExitCode::done;
    }

  private:
    [[nodiscard]] WhatToSend choose_what_is_meant(const Shared& shared) const {
        return options_.undo
                   ? choose_what_to_take_back(options_.what, shared.config, place_.host,
                                              place_.port)
                   : choose_what_to_send(options_.what, shared.config, place_.host, place_.port);
    }

    setup::SenderWishes sender_wishes(const Shared& shared) {
        const auto known = setup::user_at(shared.config, place_.host, place_.port);
        user_ = options_.user.empty() ? known.value_or("backups") : options_.user;
        auto wishes = wishes_for(what_, shared);
        wishes.host = place_.host;
        wishes.port = place_.port;
        wishes.user = user_;
        wishes.receiver = options_.name;
        wishes.person = options_.login;
        wishes.start_daemon = options_.enable;
        return wishes;
    }

    /// The key is the last thing that goes here: without it, and without a job, nothing there was
    /// set up from here.
    void require_own() const {
        if (!has(plan_here_, setup::Step::State::to_do) &&
            has(plan_there_, setup::Step::State::to_do)) {
            throw Failure(
                ExitCode::configuration,
                fmt::format("nothing was changed: nothing here sends to {} of {}, so what is "
                            "there is another machine's",
                            what_.tag, host()),
                fmt::format("is it another --tag? To take it away all the same, on {}: sudo "
                            "snapferry setup remove {}",
                            host(), what_.tag));
        }
    }

    /// It is no more: nobody is to wait for its next run.
    void forget(const send::Job& job) const {
        if (auto history = sys::History::open_existing(history_of(shared_))) {
            (void)history->forget(send::identity_of(job));
        }
    }

    [[nodiscard]] std::string host() const { return escape_text(person_.address().host); }

    void look() {
        plan_there_ = there_.look(wishes_);
        ask_for_disk();
        sender_.set_host_keys(there_.facts(wishes_).host_keys);
        plan_here_ = sender_.look();
    }

    /// What only a person can say of it, where there is one to ask.
    void ask_for_disk() {
        const auto* const step = blocked_by_disk();
        if (step == nullptr || options_.check || options_.plan || !has_terminal() || options_.yes) {
            return;
        }
        print(plan_text(Plan{{*step}, {}}));
        if (wishes_.format) {
            wishes_.format->typed = ask_line(
                fmt::format("Type it, to lose all that is on {}: ", escape_text(options_.format)));
        } else if (!wishes_.disk) {
            wishes_.disk = ask_line("Which disk, or which directory on one that is mounted? ");
        } else {
            return;
        }
        plan_there_ = there_.look(wishes_);
    }

    [[nodiscard]] const Step* blocked_by_disk() const {
        for (const auto& step : plan_there_.steps) {
            if (step.state == Step::State::blocked && step.name == "filesystem") {
                return &step;
            }
        }
        return nullptr;
    }

    void show_plans() const {
        print(fmt::format("At {}:\n{}\nOn this machine:\n{}\n", host(), plan_text(plan_there_),
                          plan_text(plan_here_)));
    }

    [[nodiscard]] bool has_something_to_do() const {
        return has(plan_there_, Step::State::to_do) || has(plan_here_, Step::State::to_do);
    }

    static setup::TellStep tell_of(std::string where) {
        return [where = std::move(where)](const Step& step) {
            print(fmt::format("{}: {}{}\n", where, step.what,
                              step.where.empty() ? "" : fmt::format(" ({})", step.where)));
        };
    }

    /// The key is kept first, then the receiver lets it in, then a job goes by it: whatever is
    /// interrupted in between leaves nothing that does harm, and the next run goes on.
    void carry_out() {
        sender_.keep_key(tell_of("here"));
        if (has(plan_there_, Step::State::to_do)) {
            there_.carry_out(wishes_, plan_there_, tell_of(host()));
        }
        wishes_.format = std::nullopt;
        sender_.carry_out(tell_of("here"));
    }

    /// All of it, as it is now.
    ExitCode test() {
        auto findings = there_.check(wishes_);
        const auto here = sender_.check();
        print(fmt::format("\nAt {}:\n{}On this machine:\n{}", host(), text_of(findings),
                          text_of(here)));
        findings.insert(findings.end(), here.begin(), here.end());
        const auto rate = there_.measure_line();
        there_.say_goodbye();
        const auto job = sender_.job();
        if (!job) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} is not set up to go to {}", what_.tag, host()),
                          "run it without --check");
        }
        print("\nA dry run, with the key:\n");
        if (const auto failure = dry_run_of(*job, rate)) {
            throw Failure(*failure);
        }
        if (worst_of(findings) == CheckState::critical) {
            throw Failure(ExitCode::configuration, "something is not as it should be: see above",
                          options_.check ? "run it without --check to have mended what can be"
                                         : "mend that, and run it again");
        }
        return ExitCode::done;
    }

    static std::string text_of(const std::vector<Finding>& findings) {
        std::string text;
        for (const auto& finding : findings) {
            text += fmt::format("  {:<8} {}\n", word_for(finding.state), finding.text);
        }
        return text;
    }

    static std::string_view word_for(CheckState state) {
        switch (state) {
            case CheckState::ok:
                return "good";
            case CheckState::warning:
                return "warning";
            case CheckState::critical:
                return "WRONG";
            case CheckState::unknown:
                break;
        }
        return "unknown";
    }

    void say_what_is_next() const {
        if (options_.check || !setup::can_start_daemon()) {
            return;
        }
        if (!options_.yes && has_terminal() &&
            is_yes(ask_line("Shall the daemon send it now, and whatever follows? [y/N] "))) {
            setup::start_daemon();
            print("The daemon runs: snapferry status shows how it goes.\n");
            return;
        }
        print(fmt::format("Next, to send it now and whatever follows: {}\n",
                          setup::command_to_start_daemon));
    }

    const Options& options_;
    const Shared& shared_;
    login::PersonLogin person_;
    ClientSettings place_;
    WhatToSend what_;
    std::string user_;
    setup::SenderSetup sender_;
    setup::ReceiverWishes wishes_;
    setup::RemoteReceiver there_;
    Plan plan_there_;
    Plan plan_here_;
};

}  // namespace

ExitCode pair_machines(const PairOptions& options, const Shared& shared) {
    Pairing pairing(options, shared);
    return options.undo ? pairing.run_back() : pairing.run();
}

}  // namespace snapferry::commands
