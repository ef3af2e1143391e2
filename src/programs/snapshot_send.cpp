#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "completion/completion.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/ssh/ssh_address.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/core/transfer/compression_tuning.h"
#include "snapferry/core/transfer/throttle.h"
#include "snapferry/core/version.h"
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

struct CommandLine {
    std::vector<std::string> classic;  // SNAPSHOT_DIR SOURCE_TAG DEST_TAG KEY USER@HOST[:PORT]
    std::string job;
    bool all = false;
    bool daemon = false;
    std::string config = send::config_path;
    std::string known_hosts;
    std::string state_dir = sys::state_directory;
    std::optional<std::string> protocol;
    std::optional<std::string> stream;
    std::optional<std::string> send;
    std::optional<unsigned> retries;
    std::optional<std::string> compression;
    std::optional<std::string> cipher;
    std::optional<std::string> bandwidth_limit;
    std::optional<unsigned> parallel;
    bool no_pin = false;
    bool no_manifest = false;
    send::RunOptions run;
    std::string log_format = "auto";
    sys::Verbosity verbosity = sys::Verbosity::normal;
};

constexpr auto description =
    "Sends the newest btrfs snapshot of a tag to a backup machine, or all that it lacks.\n"
    "The newest is the last by the time that the names begin with (where none does, in the order\n"
    "of their bytes), of the read-only snapshots in SNAPSHOT_DIR that end in @SOURCE_TAG.";

/// CLI11 would show the classic arguments as "[...]".
class HelpText final : public CLI::Formatter {
  public:
    std::string make_usage(const CLI::App*, std::string) const override {
        return "Usage: snapshot-send [OPTIONS] SNAPSHOT_DIR SOURCE_TAG DEST_TAG SSH_KEY "
               "USER@HOST[:PORT]\n"
               "       snapshot-send [OPTIONS] --job NAME | --all | --daemon\n";
    }
};

void declare(CLI::App& app, CommandLine& line) {
    app.formatter(std::make_shared<HelpText>());
    app.add_option("classic", line.classic)->group("");
    app.add_option("--job", line.job, "run this job of the configuration")->type_name("NAME");
    app.add_flag("--all", line.all, "run every job of the configuration");
    app.add_flag("--daemon", line.daemon,
                 "stay, and run the jobs of the configuration when snapshots appear and at times");
    app.add_option("--config", line.config, "the configuration of the jobs")
        ->capture_default_str()
        ->type_name("FILE");
    app.add_option("--known-hosts", line.known_hosts,
                   "the receivers' host keys (default: root's own known_hosts)")
        ->type_name("FILE");
    app.add_option("--state-dir", line.state_dir, "where the history of the runs is kept")
        ->capture_default_str()
        ->type_name("DIRECTORY");
    app.add_option("--protocol", line.protocol, "auto, or raw for a classic receiver")
        ->type_name("PROTOCOL");
    app.add_option("--stream", line.stream, "auto, v1, v2 or v2-compressed: its form")
        ->type_name("FORM");
    app.add_option("--send", line.send,
                   "newest (default), all (every one that the receiver lacks), or \"all up to 30\"")
        ->type_name("WHICH");
    app.add_option("--compress", line.compression,
                   "auto, off or 1 to 19: how hard data is compressed on its way")
        ->type_name("LEVEL");
    app.add_option("--cipher", line.cipher, "auto, aes-gcm or chacha20")->type_name("CIPHER");
    app.add_option("--bandwidth-limit", line.bandwidth_limit,
                   "send no more than this, for example 20MiB/s")
        ->type_name("RATE");
    app.add_option("--parallel", line.parallel, "with --all: jobs to one receiver at once")
        ->type_name("COUNT");
    app.add_option("--retries", line.retries,
                   "how often a broken connection is made again (default: 3)")
        ->type_name("COUNT");
    app.add_flag("--no-pin", line.no_pin,
                 "do not keep a copy of what was sent beside the snapshots");
    app.add_flag("--no-manifest", line.no_manifest,
                 "make no manifest of what was sent, to verify the backup by");
    app.add_flag("--manifest-only", line.run.manifest_only,
                 "send no snapshot, but the manifests that backups lack, while they can be made");
    app.add_flag("--force", line.run.force,
                 "send the newest even if it is at the receiver (also: FORCE_SEND=1)");
    app.add_flag("--incremental-only", line.run.incremental_only, "never send in full");
    app.add_flag("--dry-run", line.run.dry_run,
                 "say what would be sent, from which parent and why, and send nothing");
    app.add_option("--log-format", line.log_format,
                   "auto (the journal under systemd, else text), text, json or journal")
        ->type_name("FORMAT");
    auto* quiet = app.add_flag_callback(
        "--quiet", [&] { line.verbosity = sys::Verbosity::quiet; }, "say nothing but errors");
    app.add_flag_callback(
           "--verbose", [&] { line.verbosity = sys::Verbosity::verbose; }, "say more")
        ->excludes(quiet);
    app.set_version_flag("--version", name_and_version());
    app.footer(sys::exit_code_help());
}

[[noreturn]] void refuse_usage(const std::string& why) {
    throw Failure(ExitCode::configuration, why, "snapshot-send --help shows the usage");
}

void check_forms(const CommandLine& line) {
    const int forms = static_cast<int>(!line.classic.empty()) +
                      static_cast<int>(!line.job.empty()) + static_cast<int>(line.all) +
                      static_cast<int>(line.daemon);
    if (forms != 1) {
        refuse_usage(
            "give either the five classic arguments, or --job NAME, or --all, or --daemon");
    }
    if (line.daemon && (line.run.dry_run || line.run.force || line.run.incremental_only)) {
        refuse_usage("--daemon goes with none of --dry-run, --force and --incremental-only");
    }
    if (line.run.manifest_only &&
        (line.daemon || line.no_manifest || line.run.force || line.run.incremental_only)) {
        refuse_usage(
            "--manifest-only goes with none of --daemon, --no-manifest, --force and "
            "--incremental-only");
    }
    constexpr std::size_t classic_arguments = 5;
    if (!line.classic.empty() && line.classic.size() != classic_arguments) {
        refuse_usage(
            fmt::format("the classic form has five arguments, not {}", line.classic.size()));
    }
}

send::Job classic_job(const std::vector<std::string>& arguments) {
    const auto address = parse_ssh_address(arguments[4]);
    send::Receiver receiver;
    receiver.destination.host = address.host;
    receiver.destination.port = address.port;
    receiver.destination.user = address.user;
    receiver.destination.key_file = arguments[3];
    return send::Job{arguments[2], arguments[0], send::parse_source_tag(arguments[1]),
                     Tag::parse(arguments[2]), receiver};
}

std::vector<send::Job> chosen_jobs(const CommandLine& line) {
    if (!line.classic.empty()) {
        return {classic_job(line.classic)};
    }
    auto jobs = send::load_jobs(line.config);
    std::vector<std::string> names;
    std::transform(jobs.begin(), jobs.end(), std::back_inserter(names),
                   [](const send::Job& job) { return job.name; });
    if (!line.all) {
        std::erase_if(jobs, [&](const send::Job& job) { return job.name != line.job; });
    }
    if (jobs.empty()) {
        throw Failure(ExitCode::configuration,
                      line.all ? fmt::format("{} has no jobs", escape_text(line.config))
                               : fmt::format("{} has no [jobs.{}]", escape_text(line.config),
                                             escape_text(line.job)),
                      line.all ? "" : hint_of_words(line.job, names));
    }
    return jobs;
}

void apply_options_of_the_line(const CommandLine& line, send::Receiver& receiver) {
    if (!line.known_hosts.empty()) {
        receiver.destination.known_hosts_file = line.known_hosts;
    }
    if (line.compression) {
        receiver.compression = parse_compression_setting(*line.compression);
    }
    if (line.cipher) {
        receiver.cipher = parse_cipher_setting(*line.cipher);
    }
    if (line.bandwidth_limit) {
        receiver.bandwidth_limit = parse_rate(*line.bandwidth_limit);
        if (!receiver.bandwidth_limit) {
            refuse_usage("--bandwidth-limit is a rate such as 512KiB/s or 20MiB/s, from 1KiB/s on");
        }
    }
    receiver.parallel = line.parallel.value_or(receiver.parallel);
    if (receiver.parallel < 1 || receiver.parallel > send::most_parallel) {
        refuse_usage(fmt::format("--parallel is from 1 to {}", send::most_parallel));
    }
}

void apply_options(const CommandLine& line, send::Job& job) {
    apply_options_of_the_line(line, job.receiver);
    if (line.protocol) {
        if (*line.protocol != "auto" && *line.protocol != "raw") {
            refuse_usage("--protocol is auto or raw");
        }
        job.protocol = *line.protocol == "raw" ? send::Protocol::raw : send::Protocol::automatic;
    }
    if (line.stream) {
        job.stream = send::parse_stream_setting(*line.stream);
    }
    if (line.send) {
        job.send = parse_send_scope(*line.send);
    }
    job.retries = line.retries.value_or(job.retries);
    job.pin = job.pin && !line.no_pin;
    job.manifest = job.manifest && !line.no_manifest;
}

std::vector<send::Job> with_options(std::vector<send::Job> jobs, const CommandLine& line) {
    for (auto& job : jobs) {
        apply_options(line, job);
    }
    return jobs;
}

send::Hooks::LastKnown last_known_of(const send::HistoryListener& history) {
    return [&history](const RunReport& report) { return history.known(report.identity); };
}

/// A signal meanwhile ends what is being told.
ExitCode told_to_the_end(send::TellingQueue& queue, ExitCode code) {
    queue.finish();
    return code;
}

ExitCode run_daemon(const CommandLine& line, Log& log) {
    const auto load = [&line] {
        auto config = send::load_config(line.config);
        config.jobs = with_options(std::move(config.jobs), line);
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

ExitCode run_jobs(const CommandLine& line, Log& log) {
    const auto jobs = with_options(chosen_jobs(line), line);
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

ExitCode send_jobs(CommandLine& line, Log& log) {
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
                      const CommandLine& line) {
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
    CommandLine line;
    CLI::App app{description, "snapshot-send"};
    declare(app, line);
    if (const auto words = programs::completion_asked(argc, argv)) {
        return answer_shell(app, *words, line);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return static_cast<ExitCode>(app.exit(success));
    } catch (const CLI::ParseError& error) {
        refuse_usage(escape_text(error.what()));
    }
    check_forms(line);
    const auto log = sys::open_log({"snapshot-send", sys::parse_log_format(line.log_format),
                                    line.verbosity, line.all || line.daemon});
    return sys::tell_failures(*log, [&] { return send_jobs(line, *log); });
}

}  // namespace

int main(int argc, char** argv) {
    return snapferry::sys::run_program("snapshot-send", [&] { return run(argc, argv); });
}
