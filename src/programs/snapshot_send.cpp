#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "completion/completion.h"
#include "sending/chosen_jobs.h"
#include "sending/command_line.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/daemon/daemon.h"
#include "snapferry/send/here/allowed_age_of.h"
#include "snapferry/send/job/job.h"
#include "snapferry/send/run/job_series.h"
#include "snapferry/send/telling/history_listener.h"
#include "snapferry/send/telling/progress_display.h"
#include "snapferry/send/telling/progress_notes.h"
#include "snapferry/send/telling/telling_queue.h"
#include "snapferry/sys/history.h"
#include "snapferry/sys/logs/open_log.h"
#include "snapferry/sys/machine/memory.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/signals/exit_on_signal.h"

namespace {

using namespace snapferry;
using programs::SendLine;

send::Hooks::LastKnown last_known_of(const send::HistoryListener& history) {
    return [&history](const RunReport& report) { return history.known(report.identity); };
}

/// A signal meanwhile ends what is being told.
ExitCode told_to_the_end(send::TellingQueue& queue, ExitCode code) {
    queue.finish();
    return code;
}

ExitCode run_daemon(const SendLine& line, Log& log) {
    const auto load = [&line] {
        auto config = send::load_config(line.config);
        config.jobs = programs::with_options(std::move(config.jobs), line);
        return config;
    };
    sys::share_memory_between_threads();
    send::HistoryListener history(sys::history_file(line.state_dir), log);
    send::TellingQueue queue(last_known_of(history), log, send::TellingQueue::most_waiting,
                             send::TellProgram(line.config, line.state_dir));
    const auto when_stale = [&queue](const send::Job& job,
                                     std::optional<std::chrono::seconds> age) {
        queue.stale(job, age);
    };
    const auto when_rotated = [&queue](const send::Rotation& rotation, const Failure* failure) {
        queue.rotated(rotation, failure);
    };
    const auto age_of = [&history](const send::Job& job) {
        const auto identity = send::identity_of(job);
        return send::allowed_age_of(identity, job.max_age, history.known(identity).taken);
    };
    const auto tend = [&queue](const send::SendConfig& config, BootTime now) {
        queue.tend(send::tells_once(config), now);
    };
    send::ProgressNotes notes(log);
    send::Daemon daemon(load, {&history, &notes, &queue}, {when_stale, when_rotated, tend, age_of},
                        log);
    daemon.run();
    history.stopped_by_signal();
    queue.stop();
    // Not by return: that would wait for connections that nobody needs any more.
    ::_exit(static_cast<int>(ExitCode::done));
}

ExitCode run_jobs(const SendLine& line, Log& log) {
    const auto jobs = programs::with_options(programs::chosen_jobs(line), line);
    send::HistoryListener history(sys::history_file(line.state_dir), log);
    send::TellingQueue queue(last_known_of(history), log, send::TellingQueue::most_waiting,
                             send::TellProgram(line.config, line.state_dir));
    const sys::ExitOnSignal watch([&] {
        log.error("stopped by a signal: what the receiver has is kept, and the next run goes on");
        history.stopped_by_signal();
        queue.stop();
    });
    send::ProgressNotes notes(log);
    send::Listeners listeners{&history, &notes};
    if (line.verbosity == sys::Verbosity::quiet) {
        listeners.push_back(&queue);
        return told_to_the_end(queue, send::run_jobs(jobs, line.run, listeners, log));
    }
    const auto style = send::ProgressDisplay::fitting();
    send::ProgressDisplay display(log, style);
    listeners.insert(listeners.end(), {&display, &queue});
    auto options = line.run;
    options.estimate = style == send::ProgressDisplay::Style::terminal;
    return told_to_the_end(queue, send::run_jobs(jobs, options, listeners, display));
}

ExitCode send_jobs(SendLine& line, Log& log) {
    sys::require_root("only root may read and send snapshots");
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing else runs yet
    const char* const force = std::getenv("FORCE_SEND");
    const bool by_environment = force != nullptr && *force != '\0';
    line.run.forced_by = line.run.force   ? "--force"
                         : by_environment ? "FORCE_SEND in the environment"
                                          : "";
    line.run.force = line.run.force || by_environment;
    return line.daemon ? run_daemon(line, log) : run_jobs(line, log);
}

/// For a shell: what the last word of a line may become.
ExitCode answer_shell(const CLI::App& app, const std::vector<std::string>& words,
                      const SendLine& line) {
    const auto jobs = [&](std::string_view what, std::span<const std::string> /*before*/) {
        std::vector<std::string> names;
        try {
            const auto all =
                what == "NAME" ? send::load_jobs(line.config) : std::vector<send::Job>{};
            std::transform(all.begin(), all.end(), std::back_inserter(names),
                           [](const send::Job& job) { return job.name; });
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): who may not look knows none
        }
        return names;
    };
    fmt::print("{}", programs::completion(app, words, jobs));
    return ExitCode::done;
}

ExitCode run(int argc, char** argv) {
    SendLine line;
    CLI::App app{programs::sending_description, "snapshot-send"};
    programs::declare(app, line);
    if (const auto words = programs::completion_asked(argc, argv)) {
        return answer_shell(app, *words, line);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(app.exit(success));
    } catch (const CLI::ParseError& error) {
        programs::refuse_usage(escape_text(error.what()));
    }
    programs::check_forms(line);
    const auto log = sys::open_log({"snapshot-send", sys::parse_log_format(line.log_format),
                                    line.verbosity, line.all || line.daemon});
    return sys::tell_failures(*log, [&] { return send_jobs(line, *log); });
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapshot-send", [&] { return run(argc, argv); });
}
