#include "snapferry/send/run/run_once.h"

#include <fmt/format.h>

#include <functional>

#include "snapferry/core/log/run_log.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/send/run/job_run.h"
#include "snapferry/sys/machine/random_uuid.h"
#include "snapferry/sys/pauses.h"

namespace snapferry::send {
namespace {

std::optional<Failure> failure_of(const std::function<void()>& work) {
    try {
        work();
        return std::nullopt;
    } catch (const Failure& failure) {
        return failure;
    } catch (const std::exception& error) {
        return Failure(ExitCode::internal, escape_text(error.what()));
    }
}

/// A machine whose backups are just coming back, say, has nothing yet that is worth sending.
void require_no_pause(const Job& job) {
    const auto& tag = job.dest_tag.text();
    if (const auto pause = sys::Pauses().of(tag)) {
        throw Failure(ExitCode::busy, fmt::format("{} is {}", tag, sys::pause_text(*pause)),
                      fmt::format("snapferry resume {} lets it be sent again", tag));
    }
}

/// One that cannot write its history, say, must not make a good run a bad one.
void tell(const Listeners& listeners, Log& log, const std::function<void(RunListener&)>& what) {
    for (auto* const listener : listeners) {
        if (const auto failure = failure_of([&] { what(*listener); })) {
            log.warning("{}", failure_text(*failure));
        }
    }
}

/// Within, a line shows in the progress what it does.
class Shown {
  public:
    Shown(Line& line, JobProgress& progress) : line_(line) { line_.show_in(&progress); }
    ~Shown() { line_.show_in(nullptr); }
    Shown(const Shown&) = delete;
    Shown& operator=(const Shown&) = delete;

  private:
    Line& line_;
};

}  // namespace

void note_failure_of(RunEnd& end, const std::function<void()>& work) {
    end.failure = failure_of(work);
    if (end.failure) {
        end.report.outcome = end.failure->code();
        end.report.error = failure_text(*end.failure);
    }
}

RunReport begun_report(const Job& job) {
    RunReport report;
    report.run = sys::random_uuid().text();
    report.job = job.name;
    report.identity = identity_of(job);
    report.started =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    return report;
}

RunEnd run_once(const Job& job, const RunOptions& options, Line& line, const Listeners& listeners,
                Log& log, JobProgress& progress) {
    RunEnd end{begun_report(job), {}};
    auto& report = end.report;
    RunLog run_log(report, log);

    std::optional<sys::FileLock> lock;
    if (!options.dry_run) {
        note_failure_of(end, [&] {
            require_no_pause(job);
            lock = lock_job(job);
            require_no_pause(job);  // one that began while the lock was waited for
        });
        if (end.failure) {
            return end;
        }
    }
    const auto told = options.dry_run ? Listeners{} : listeners;
    tell(told, run_log, [&](RunListener& listener) { listener.begins(job, progress); });
    const auto began = std::chrono::steady_clock::now();
    std::optional<JobRun> run;
    note_failure_of(end, [&] {
        const Shown shown(line, progress);
        run.emplace(job, options, line, run_log, progress, report);
        run->when_backups_are_known([&] {
            tell(told, run_log, [&](RunListener& listener) { listener.hears(job, report); });
        });
        run->run();
    });
    if (run) {
        end.manifests = run->wanted_manifests();
    }
    end.began_at = progress.view().begin;
    report.duration =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    tell(told, run_log, [&](RunListener& listener) { listener.ends(job, progress, report); });
    return end;
}

}  // namespace snapferry::send
