#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "../command.h"
#include "../pair/what_to_send.h"
#include "../surroundings.h"
#include "setup_command.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/public_key.h"
#include "snapferry/core/setup/user_name.h"
#include "snapferry/core/ssh/ssh_address.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/setup/sender/daemon.h"
#include "snapferry/setup/sender/sender_setup.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/ssh/keys/shown_host_key.h"

namespace snapferry::commands {
namespace {

constexpr auto usual_user = "backups";

struct Options {
    std::string host;
    WhatToSend what;
    std::string fingerprint;
    std::string user = usual_user;
    unsigned port = 22;
    std::string name;
    bool enable = false;
    bool yes = false;
    bool plan = false;
};

/// The key whose fingerprint somebody has brought here from the machine itself.
std::string host_key_of(const Options& options) {
    constexpr std::chrono::seconds patience{30};
    const auto shown = ssh::ask_for_host_key(options.host, options.port, patience);
    const auto wanted = options.fingerprint.starts_with("SHA256:")
                            ? options.fingerprint
                            : "SHA256:" + options.fingerprint;
    if (shown.fingerprint != wanted) {
        throw Failure(ExitCode::host_key,
                      fmt::format("{} port {} shows the host key {}, and not {}: another machine "
                                  "answers in its place, or the line is of another one",
                                  escape_text(options.host), options.port, shown.fingerprint,
                                  escape_text(wanted)),
                      "compare with what this says there: sudo ssh-keygen -lf "
                      "/etc/ssh/ssh_host_ed25519_key.pub");
    }
    return shown.line;
}

setup::SenderWishes wishes_of(const Options& options, const WhatToSend& what,
                              const Shared& shared) {
    auto wishes = wishes_for(what, shared);
    wishes.host = options.host;
    wishes.port = options.port;
    wishes.user = options.user;
    wishes.receiver = options.name;
    wishes.start_daemon = options.enable;
    return wishes;
}

void require_sense(const Options& options) {
    (void)parse_ssh_address(options.host.find(':') == std::string::npos
                                ? "x@" + options.host
                                : fmt::format("x@[{}]", options.host));
    if (!setup::is_user_name(options.user)) {
        refuse_usage("--user is no name that a user can have");
    }
}

/// Where the receiver lets the key in already, that is all; else one line is to be run there.
void say_what_is_next(const setup::SenderSetup& sender, const std::string& key,
                      const std::string& tag, const std::string& user) {
    print(fmt::format(
        "\nAt the receiver, run this line, if you have not; all that is in it is public:\n\n"
        "  sudo snapferry setup receiver {}{} --key '{}'\n\n"
        "Then, here, see that it answers: sudo snapshot-send --job {} --dry-run\n",
        tag, user == usual_user ? "" : " --user " + user, key,
        escape_text(sender.job() ? sender.job()->name : tag)));
    if (setup::can_start_daemon()) {
        print(fmt::format("And to send it, and whatever follows: {}\n",
                          setup::command_to_start_daemon));
    }
}

ExitCode set_up(const Options& options, const Shared& shared) {
    require_sense(options);
    sys::require_root("the keys and the jobs are root's");
    const auto what = choose_what_to_send(options.what, shared.config, options.host, options.port);
    setup::SenderSetup sender(wishes_of(options, what, shared));
    sender.set_host_keys({host_key_of(options)});
    const auto plan = sender.look();
    print(plan_text(plan));
    if (options.plan) {
        return ExitCode::done;
    }
    refuse_blocked(plan);
    const auto key = sender.public_key();
    if (has(plan, setup::Step::State::to_do)) {
        require_agreement("Change this machine so?", options.yes);
        sender.carry_out(
            [](const setup::Step& step) { print(fmt::format("done: {}\n", step.what)); });
    } else {
        print("Nothing is to be changed.\n");
    }
    say_what_is_next(sender, key, what.tag, options.user);
    return ExitCode::done;
}

}  // namespace

Command declare_setup_sender(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = setup_command(app).add_subcommand(
        "sender", "make this machine send to one that you have no login at");
    command->add_option("HOST", options->host, "the machine that is to receive")->required();
    command->add_option("--tag", options->what.tag, "what these backups are called there")
        ->required()
        ->type_name("TAG");
    command
        ->add_option("--fingerprint", options->fingerprint,
                     "of its host key: the line that \"snapferry setup receiver\" prints there has "
                     "it")
        ->required()
        ->type_name("SHA256:...");
    command->add_option("--user", options->user, "who receives there")
        ->capture_default_str()
        ->type_name("USER");
    command->add_option("--port", options->port, "of the SSH server there")
        ->capture_default_str()
        ->check(CLI::Range(1U, 65535U))
        ->type_name("PORT");
    declare_which_snapshots(*command, options->what);
    command->add_option("--name", options->name, "what it is called in send.toml")
        ->type_name("NAME");
    command->add_flag("--enable", options->enable, "start the daemon, too");
    command->add_flag("--yes", options->yes, "do not ask");
    command->add_flag("--plan", options->plan, "show what would be changed, and change nothing");
    return {command, [options, &shared] { return set_up(*options, shared); }};
}

}  // namespace snapferry::commands
