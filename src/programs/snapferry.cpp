#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "snapferry/admin/age_check.h"
#include "snapferry/admin/jobs_in_history.h"
#include "snapferry/admin/report/page.h"
#include "snapferry/admin/status.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/report/check.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/disk/health.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/job/config.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/machine/screen.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/system_failure.h"

namespace {

using namespace snapferry;

struct CommandLine {
    std::string config = send::config_path;
    std::string state_dir = sys::state_directory;
    bool json = false;
    bool watch = false;
    std::optional<std::string> job;
    std::size_t limit = 20;  // runs that a person looks at
    std::string max_age = "26h";
    std::string max_scrub_age = "35d";
    std::vector<std::string> tags;
    bool only_sending = false;
    bool only_receiving = false;
    std::string html;
};

WallTime now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void print(const std::string& text) {
    if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
        throw sys::system_failure(ExitCode::internal, "write to standard output");
    }
}

[[noreturn]] void refuse_usage(const std::string& why) {
    throw Failure(ExitCode::configuration, why, "snapferry --help shows the usage");
}

std::filesystem::path history_of(const CommandLine& line) {
    return sys::history_file(line.state_dir);
}

/// Without a configuration there are none: the classic form of snapshot-send needs no file.
std::vector<std::string> configured_jobs(const CommandLine& line) {
    std::vector<std::string> names;
    if (line.config != send::config_path || sys::is_there(line.config)) {
        for (const auto& job : send::load_jobs(line.config)) {
            names.push_back(job.name);
        }
    }
    return names;
}

std::vector<admin::JobState> states(const CommandLine& line) {
    return admin::look_at_jobs(configured_jobs(line), history_of(line));
}

[[noreturn]] void watch(const CommandLine& line) {
    constexpr auto clear_screen = "\x1b[H\x1b[2J";
    constexpr std::chrono::seconds pause{2};
    for (;;) {
        const auto text =
            admin::status_text(states(line), now(), sys::look_at_screen(STDOUT_FILENO));
        print(clear_screen + text);
        std::this_thread::sleep_for(pause);
    }
}

ExitCode show_status(const CommandLine& line) {
    const auto screen = sys::look_at_screen(STDOUT_FILENO);
    if (line.watch) {
        if (!screen.width) {
            refuse_usage("--watch needs a terminal");
        }
        watch(line);
    }
    print(line.json ? admin::status_json(states(line), now())
                    : admin::status_text(states(line), now(), screen));
    return ExitCode::done;
}

ExitCode show_history(const CommandLine& line) {
    const auto store = sys::History::open_existing(history_of(line));
    const auto runs = store ? store->runs(line.job, line.limit) : std::vector<RunReport>{};
    print(line.json ? admin::history_json(runs)
                    : admin::history_text(runs, sys::look_at_screen(STDOUT_FILENO)));
    return ExitCode::done;
}

ExitCode forget(const CommandLine& line) {
    auto store = sys::History::open_existing(history_of(line));
    const auto count = store ? store->forget(*line.job) : 0;
    if (count == 0) {
        throw Failure(ExitCode::configuration,
                      fmt::format("no run of {} is known", escape_text(*line.job)));
    }
    print(fmt::format("{} of {} forgotten; its backups are untouched\n",
                      count == 1 ? "1 run" : fmt::format("{} runs", count),
                      escape_text(*line.job)));
    return ExitCode::done;
}

ExitCode write_report(const CommandLine& line) {
    constexpr unsigned for_everybody = 0644;  // less what the umask says
    const auto jobs = admin::look_at_runs(configured_jobs(line), history_of(line));
    sys::replace_file(line.html, admin::report_page(jobs, now()), for_everybody);
    return ExitCode::done;
}

// ---- check -----------------------------------------------------------------------------------

Finding unknown(const Failure& failure) {
    return {CheckState::unknown, failure_text(failure)};
}

std::chrono::seconds duration_in(const std::string& text, std::string_view option) {
    const auto duration = parse_duration(text);
    if (!duration) {
        refuse_usage(fmt::format("{} is a duration such as 90min, 26h or 7d", option));
    }
    return *duration;
}

std::vector<Finding> sending_side(const CommandLine& line) {
    const bool sends = sys::is_there(line.config) || sys::is_there(history_of(line));
    if (line.only_receiving || (!line.only_sending && !sends)) {
        return {};
    }
    return admin::check_ages(states(line), duration_in(line.max_age, "--max-age"), now());
}

std::vector<Finding> receiving_side(const CommandLine& line) {
    if (line.only_sending || (!line.only_receiving && !sys::is_there(receive::config_path))) {
        return {};
    }
    HealthLimits limits;
    limits.max_age = duration_in(line.max_age, "--max-age");
    limits.max_scrub_age = duration_in(line.max_scrub_age, "--max-scrub-age");
    for (const auto& tag : line.tags) {
        limits.tags.push_back(Tag::parse(tag));
    }
    return receive::check_health(receive::load_config(receive::config_path), limits);
}

using Side = std::function<std::vector<Finding>(const CommandLine&)>;

/// A machine may be either side, or both. Each looks at its own, and finds nothing where it is not
/// configured; what keeps one from looking is a finding too, and does not keep the others.
std::vector<Finding> findings_of_all_sides(const CommandLine& line) {
    const std::vector<Side> sides{sending_side, receiving_side};
    std::vector<Finding> all;
    for (const auto& side : sides) {
        try {
            for (auto& finding : side(line)) {
                all.push_back(std::move(finding));
            }
        } catch (const Failure& failure) {
            all.push_back(unknown(failure));
        }
    }
    return all;
}

/// The exit codes of a check are those that monitors know, 0 to 3, and not the table's.
ExitCode tell(const std::vector<Finding>& findings) {
    print(check_text(findings));
    return static_cast<ExitCode>(worst_of(findings));
}

ExitCode check(const CommandLine& line) {
    return tell(findings_of_all_sides(line));
}

// ---- the command line ------------------------------------------------------------------------

struct Command {
    CLI::App* parser;
    ExitCode (*run)(const CommandLine&);
};

std::vector<Command> declare(CLI::App& app, CommandLine& line) {
    app.add_option("--config", line.config, "the configuration of the jobs")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--state-dir", line.state_dir, "where the history of the runs is kept")
        ->capture_default_str()
        ->type_name("DIRECTORY");
    app.set_help_all_flag("--help-all", "show the options of all commands");
    app.set_version_flag("--version", "snapferry " SNAPFERRY_VERSION);
    app.footer(sys::exit_code_help() +
               "snapferry check: 0 well, 1 a warning, 2 critical, 3 could not look\n");
    app.require_subcommand(1);
    app.fallthrough();

    auto* const status = app.add_subcommand("status", "how each job is");
    auto* const json = status->add_flag("--json", line.json, "as JSON");
    status->add_flag("--watch", line.watch, "show it anew every two seconds, until Ctrl-C")
        ->excludes(json);

    auto* const history = app.add_subcommand("history", "what the runs came to, the newest first");
    history->add_option("JOB", line.job, "of this job only");
    history->add_option("--limit", line.limit, "so many at most")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000000}))
        ->type_name("COUNT");
    history->add_flag("--json", line.json, "as JSON");

    auto* const check_command =
        app.add_subcommand("check", "whether all is well, for Nagios, Icinga and their like");
    check_command
        ->add_option("--max-age", line.max_age, "how old the newest backup of a job may be")
        ->capture_default_str()
        ->type_name("DURATION");
    check_command
        ->add_option("--max-scrub-age", line.max_scrub_age,
                     "how long ago the backup disk's last scrub may be")
        ->capture_default_str()
        ->type_name("DURATION");
    check_command->add_option("TAG", line.tags, "of the backup disk's tags, only these");
    auto* const sending =
        check_command->add_flag("--sending", line.only_sending, "only what this machine sends");
    check_command
        ->add_flag("--receiving", line.only_receiving, "only the backup disk of this machine")
        ->excludes(sending);

    auto* const report = app.add_subcommand("report", "the history as a page to look at");
    report->add_option("--html", line.html, "the file to write")->required()->type_name("FILE");

    auto* const forget_command =
        app.add_subcommand("forget", "remove a job that is no more from the history");
    forget_command->add_option("JOB", line.job, "its name")->required();
    return {{status, show_status},
            {history, show_history},
            {check_command, check},
            {report, write_report},
            {forget_command, forget}};
}

ExitCode run(int argc, char** argv) {
    // Unlike the other two, this one is for pipes: a reader that has seen enough ends it.
    (void)::signal(SIGPIPE, SIG_DFL);
    CommandLine line;
    CLI::App app{"Shows how the backups are: what runs of snapshot-send came to.", "snapferry"};
    const auto commands = declare(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(app.exit(success));
    } catch (const CLI::ParseError& error) {
        if (app.got_subcommand("check")) {
            return tell({{CheckState::unknown, escape_text(error.what())}});
        }
        refuse_usage(escape_text(error.what()));
    }
    for (const auto& command : commands) {
        if (command.parser->parsed()) {
            return command.run(line);
        }
    }
    refuse_usage("a command is missing");
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapferry", [&] { return run(argc, argv); });
}
