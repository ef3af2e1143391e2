#include "snapferry/send/run/job_series.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "snapferry/core/log/run_log.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/manifest/manifest_run.h"
#include "snapferry/send/stream/shared_limits.h"

namespace snapferry::send {
namespace {

/// Runs it, and tells at once how it failed.
RunEnd run_and_tell(const Job& job, const RunOptions& options, Line& line,
                    const Listeners& listeners, Log& log) {
    JobProgress progress;
    auto end = options.manifest_only ? run_for_manifests(job, options, line, log)
                                     : run_once(job, options, line, listeners, log, progress);
    if (end.failure) {
        RunLog(end.report, log).error("{}", end.report.error);
    }
    return end;
}

/// Once no job has a backup to send any more over this line.
void follow_up(const Job& job, const RunEnd& end, Line& line, Log& log) {
    for (const auto& wanted : end.manifests) {
        RunLog run_log(end.report, log);
        follow_up_with_manifest(job, wanted, line, run_log);
    }
}

/// How each job ended; each is written by one thread.
using Endings = std::vector<ExitCode>;

/// The jobs to one machine, which its lines take in turn.
class Machine {
  public:
    void add(const Job& job, ExitCode& ending) {
        jobs_.push_back({&job, &ending});
        parallel_ = std::max<std::size_t>(parallel_, job.receiver.parallel);
    }

    /// Starts as many lines as it may have.
    void start(const RunOptions& options, const SharedLimits& limits, const Listeners& listeners,
               Log& log, std::vector<std::jthread>& lines) {
        for (std::size_t count = std::min(parallel_, jobs_.size()); count > 0; --count) {
            lines.emplace_back([&, this] { work(options, limits, listeners, log); });
        }
    }

  private:
    struct Entry {
        const Job* job;
        ExitCode* ending;
    };

    void work(const RunOptions& options, const SharedLimits& limits, const Listeners& listeners,
              Log& log) {
        std::optional<Line> line;
        std::vector<std::pair<const Job*, RunEnd>> to_follow_up;
        while (const auto entry = next()) {
            const auto& receiver = entry->job->receiver;
            if (!line || !(line->receiver() == receiver)) {
                line.emplace(receiver, limits.of(receiver));
            }
            auto end = run_and_tell(*entry->job, options, *line, listeners, log);
            *entry->ending = end.report.outcome;
            to_follow_up.emplace_back(entry->job, std::move(end));
        }
        for (const auto& [job, end] : to_follow_up) {
            if (!(line->receiver() == job->receiver)) {
                line.emplace(job->receiver, limits.of(job->receiver));
            }
            follow_up(*job, end, *line, log);
        }
    }

    std::optional<Entry> next() {
        const std::lock_guard taking(taking_);
        return next_ < jobs_.size() ? std::optional(jobs_[next_++]) : std::nullopt;
    }

    std::vector<Entry> jobs_;
    std::size_t parallel_ = 1;
    std::mutex taking_;
    std::size_t next_ = 0;
};

}  // namespace

ExitCode run_jobs(const std::vector<Job>& jobs, const RunOptions& options,
                  const Listeners& listeners, Log& log) {
    const SharedLimits limits(jobs);
    if (jobs.size() == 1) {
        const auto& job = jobs.front();
        Line line(job.receiver, limits.of(job.receiver));
        const auto end = run_and_tell(job, options, line, listeners, log);
        follow_up(job, end, line, log);
        return end.report.outcome;
    }
    Endings endings(jobs.size(), ExitCode::done);
    std::map<std::pair<std::string, unsigned>, Machine> machines;
    for (std::size_t index = 0; index < jobs.size(); ++index) {
        const auto& destination = jobs[index].receiver.destination;
        machines[{destination.host, destination.port}].add(jobs[index], endings[index]);
    }
    {
        std::vector<std::jthread> lines;  // waited for at the end of this block
        for (auto& [address, machine] : machines) {
            machine.start(options, limits, listeners, log, lines);
        }
    }
    const auto failed = std::find_if(endings.begin(), endings.end(),
                                     [](ExitCode ending) { return ending != ExitCode::done; });
    return failed == endings.end() ? ExitCode::done : *failed;
}

}  // namespace snapferry::send
