#include "snapferry/send/daemon/crew.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "snapferry/core/report/run_log.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {

/// One job on its thread.
class Crew::Work {
  public:
    Work(std::shared_ptr<const Job> job, Line line, const Listeners& listeners, Log& log, int bell)
        : job_(std::move(job)), line_(std::move(line)), thread_([this, &listeners, &log, bell] {
              RunOptions options;
              options.estimate = true;
              auto end = run_once(*job_, options, line_, listeners, log, progress_);
              if (end.failure && end.report.outcome != ExitCode::busy) {
                  RunLog(end.report, log).error("{}", end.report.error);
              }
              report_ = std::move(end.report);
              ended_ = true;
              (void)::eventfd_write(bell, 1);
          }) {}

    [[nodiscard]] const Job& job() const { return *job_; }
    [[nodiscard]] JobProgress::View progress() const { return progress_.view(); }
    [[nodiscard]] bool has_ended() const { return ended_; }

    /// Once it has ended.
    RunReport take_report() {
        thread_.join();
        return std::move(report_);
    }
    Line take_line() { return std::move(line_); }

  private:
    std::shared_ptr<const Job> job_;
    Line line_;
    JobProgress progress_;
    RunReport report_;
    std::atomic<bool> ended_{false};
    std::jthread thread_;
};

namespace {

bool is_same_machine(const Job& one, const Job& other) {
    const auto& here = one.receiver.destination;
    const auto& there = other.receiver.destination;
    return here.host == there.host && here.port == there.port;
}

}  // namespace

Crew::Crew(Listeners listeners, Log& log)
    : listeners_(std::move(listeners)), log_(log), bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!bell_) {
        throw sys::system_failure(ExitCode::internal, "make an eventfd");
    }
}

Crew::~Crew() = default;

bool Crew::has_room_for(const Job& job, std::size_t most) const {
    const auto to_its_machine = std::count_if(works_.begin(), works_.end(), [&](const auto& work) {
        return is_same_machine(work->job(), job);
    });
    return works_.size() < most && static_cast<std::size_t>(to_its_machine) < job.receiver.parallel;
}

void Crew::start(std::shared_ptr<const Job> job) {
    auto line = take_line(*job);
    works_.push_back(
        std::make_unique<Work>(std::move(job), std::move(line), listeners_, log_, bell_.get()));
}

/// A line knows which cipher suits its receiver: that is worth keeping, the connection is not.
Line Crew::take_line(const Job& job) {
    const auto found = std::find_if(idle_lines_.begin(), idle_lines_.end(), [&](const Line& line) {
        return line.receiver() == job.receiver;
    });
    if (found == idle_lines_.end()) {
        return Line(job.receiver, shared_limit_of(job.receiver));
    }
    auto line = std::move(*found);
    idle_lines_.erase(found);
    return line;
}

/// One for all lines to a machine that have the same limit.
std::shared_ptr<BandwidthLimit> Crew::shared_limit_of(const Receiver& receiver) {
    if (!receiver.bandwidth_limit) {
        return nullptr;
    }
    auto& limit =
        limits_[{receiver.destination.host, receiver.destination.port, *receiver.bandwidth_limit}];
    if (!limit) {
        limit = limit_of(receiver);
    }
    return limit;
}

void Crew::keep_line(Line line) {
    constexpr std::size_t most_kept = 64;
    line.hang_up();
    if (idle_lines_.size() < most_kept) {
        idle_lines_.push_back(std::move(line));
    }
}

std::vector<RunReport> Crew::take_ended() {
    eventfd_t count = 0;
    (void)::eventfd_read(bell_.get(), &count);
    std::vector<RunReport> reports;
    for (auto work = works_.begin(); work != works_.end();) {
        if ((*work)->has_ended()) {
            reports.push_back((*work)->take_report());
            keep_line((*work)->take_line());
            work = works_.erase(work);
        } else {
            ++work;
        }
    }
    return reports;
}

std::vector<Crew::Running> Crew::running() const {
    std::vector<Running> all;
    for (const auto& work : works_) {
        if (!work->has_ended()) {
            all.push_back({work->job().name, work->progress()});
        }
    }
    return all;
}

}  // namespace snapferry::send
