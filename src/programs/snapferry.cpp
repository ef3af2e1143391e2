#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/command.h"
#include "commands/known_values.h"
#include "commands/own_codes.h"
#include "commands/surroundings.h"
#include "completion/completion.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/core/version.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/processes/program.h"

namespace {

using namespace snapferry;
using namespace snapferry::commands;

constexpr std::array table{
    declare_answer,         declare_status,       declare_history,      declare_check,
    declare_report,         declare_forget,       declare_manifest,     declare_compare,
    declare_list,           declare_prune,        declare_lock,         declare_clear_alarm,
    declare_unlock,         declare_verify,       declare_restore,      declare_drill,
    declare_resume,         declare_versions,     declare_find,         declare_diff,
    declare_setup_receiver, declare_setup_remove, declare_setup_sender, declare_pair,
    declare_rotate,         declare_import,       declare_tell,         declare_test_alert,
    declare_receive_here,   declare_forget_disk};

void declare_shared_options(CLI::App& app, Shared& shared) {
    app.add_option("--config", shared.config, "the configuration of the jobs")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--state-dir", shared.state_dir, "where the history of the runs is kept")
        ->capture_default_str()
        ->type_name("DIRECTORY");
    app.set_help_all_flag("--help-all", "show the options of all commands");
    app.set_version_flag("--version", name_and_version());
    app.footer(sys::exit_code_help() +
               "snapferry check: 0 well, 1 a warning, 2 critical, 3 could not look\n"
               "snapferry status: 22 where not all is well\n");
    app.require_subcommand(1);
    app.fallthrough();
}

/// What was meant for a command and is none; empty where there is no such word.
std::string unknown_command(const std::vector<std::string>& known, std::span<char*> arguments) {
    const auto word = std::ranges::find_if(
        arguments, [](std::string_view argument) { return !argument.starts_with('-'); });
    return word == arguments.end() || std::ranges::find(known, *word) != known.end()
               ? std::string{}
               : std::string(*word);
}

/// Of some commands 1 says that something differs: a word that is wrong must not look like
/// that.
[[noreturn]] void refuse_by_own_code(const CLI::App& app, const std::string& why) {
    const bool compares = app.got_subcommand("verify") || app.got_subcommand("compare") ||
                          app.got_subcommand("drill");
    const auto refusal = [&]() -> ExitCode { refuse_usage(why); };
    (void)(compares ? with_own_codes(refusal) : refusal());
    refuse_usage(why);
}

[[noreturn]] void refuse(const CLI::ParseError& error, const CLI::App& app,
                         std::span<char*> arguments) {
    const auto declared = app.get_subcommands({});
    std::vector<std::string> known;
    known.reserve(declared.size());
    for (const auto* const command : declared) {
        if (!command->get_group().empty()) {
            known.push_back(command->get_name());
        }
    }
    const auto word = unknown_command(known, arguments);
    if (!app.get_subcommands().empty() || word.empty()) {
        refuse_by_own_code(app, escape_text(error.what()));
    }
    refuse_usage(fmt::format("there is no command \"{}\"; {}", escape_text(word),
                             hint_of_words(word, known)));
}

ExitCode run(int argc, char** argv) {
    // Unlike the other two, this one is for pipes: a reader that has seen enough ends it.
    (void)::signal(SIGPIPE, SIG_DFL);
    Shared shared{send::config_path, sys::state_directory};
    CLI::App app{
        "Sets the two machines up, shows how the backups are, looks after them, and gets them "
        "back.",
        "snapferry"};
    declare_shared_options(app, shared);
    std::vector<Command> commands;
    commands.reserve(table.size());
    for (const auto& declare : table) {
        commands.push_back(declare(app, shared));
    }
    if (const auto words = programs::completion_asked(argc, argv)) {
        print(programs::completion(app, *words, [&](auto what, auto before) {
            return known_values(what, before, shared);
        }));
        return ExitCode::done;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(app.exit(success));
    } catch (const CLI::ParseError& error) {
        if (app.got_subcommand("check")) {
            return tell_findings({{CheckState::unknown, escape_text(error.what())}});
        }
        refuse(error, app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    }
    for (const auto& command : commands) {
        if (command.parser->parsed()) {
            return command.run();
        }
    }
    refuse_usage("a command is missing");
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapferry", [&] { return run(argc, argv); });
}
