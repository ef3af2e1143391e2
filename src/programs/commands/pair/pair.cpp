#include <memory>
#include <string>

#include "../command.h"
#include "../setup/setup_command.h"
#include "../surroundings.h"
#include "pairing.h"
#include "snapferry/core/setup/user_name.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

using Options = PairOptions;

void require_sense(const Options& options) {
    if (static_cast<int>(options.check) + static_cast<int>(options.undo) +
            static_cast<int>(options.plan && options.check) >
        1) {
        refuse_usage("--check goes with neither --undo nor --plan");
    }
    if (options.check && (options.yes || options.enable)) {
        refuse_usage("--check changes nothing: it goes with neither --yes nor --enable");
    }
    if (!options.user.empty() && !setup::is_user_name(options.user)) {
        refuse_usage("--user is no name that a user can have");
    }
}

ExitCode pair(const Options& options, const Shared& shared) {
    require_sense(options);
    sys::require_root("the keys and the jobs are root's");
    return pair_machines(options, shared);
}

void declare_what_is_sent(CLI::App& command, Options& options) {
    command
        .add_option("USER@HOST", options.login,
                    "your own login at the machine that is to receive, as ssh takes it")
        ->required();
    command.add_option("--tag", options.what.tag, "what these backups are called there")
        ->type_name("TAG");
    declare_which_snapshots(command, options.what);
}

void declare_the_other_machine(CLI::App& command, Options& options) {
    command
        .add_option("--disk", options.disk,
                    "there: a disk, or a directory on a btrfs that is mounted")
        ->type_name("DEV|DIR");
    command
        .add_option("--format", options.format,
                    "there: erase this disk and make it the backup disk; a word is asked for first")
        ->type_name("DEV");
    command
        .add_option("--keep", options.keep, "there: how many backups are kept, and for how long")
        ->type_name("WORDS");
    command.add_option("--user", options.user, "there: who receives (default: backups)")
        ->type_name("USER");
    command.add_flag("--enable-ssh", options.enable_ssh, "there: turn the SSH server on");
    command.add_flag("--replace-key", options.replace_key,
                     "there: this machine's key takes the place of another of this tag");
    command
        .add_option("--host", options.host, "where it is reached, if not as your ssh reaches it")
        ->type_name("HOST");
    command.add_option("--port", options.port, "the same of the SSH server's port")
        ->check(CLI::Range(1U, 65535U))
        ->type_name("PORT");
    command.add_option("--name", options.name, "what it is called in send.toml")->type_name("NAME");
}

void declare_manner(CLI::App& command, Options& options) {
    command.add_flag("--yes", options.yes, "do not ask");
    command.add_flag("--plan", options.plan, "show what would be changed, and change nothing");
    command.add_flag("--check", options.check, "test all of it, and change nothing");
    command.add_flag("--undo", options.undo,
                     "take it back at both machines; backups and snapshots stay");
    command.add_flag("--enable", options.enable, "start the daemon, too");
}

}  // namespace

Command declare_pair(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "pair", "let this machine send to another, set up by your own login there");
    declare_what_is_sent(*command, *options);
    declare_the_other_machine(*command, *options);
    declare_manner(*command, *options);
    return {command, [options, &shared] { return pair(*options, shared); }};
}

}  // namespace snapferry::commands
