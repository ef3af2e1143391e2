#include "snapferry/send/daemon/crew.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "snapferry/core/log/run_log.h"
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
              if (end.failure && end.report.outcome != ExitCode::busy) {  // see Roster::ended()
                  RunLog(end.report, log).error("{}", end.report.error);
              }
              end_ = std::move(end);
              ended_ = true;
              (void)::eventfd_write(bell, 1);
          }) {}

    [[nodiscard]] const Job& job() const { return *job_; }
    [[nodiscard]] std::shared_ptr<const Job> shared_job() const { return job_; }
    [[nodiscard]] JobProgress::View progress() const { return progress_.view(); }
    [[nodiscard]] bool has_ended() const { return ended_; }

    /// Whether it counts as one of those that run at once.
    [[nodiscard]] bool takes_room() const {
        constexpr std::chrono::seconds time_to_connect{2};
        return progress_.view().connected || JobProgress::Clock::now() - began_ < time_to_connect;
    }

    /// Once it has ended.
    RunEnd take_end() {
        thread_.join();
        return std::move(end_);
    }
    Line take_line() { return std::move(line_); }

  private:
    std::shared_ptr<const Job> job_;
    Line line_;
    JobProgress::Clock::time_point began_ = JobProgress::Clock::now();
    JobProgress progress_;
    RunEnd end_;
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

Crew::Crew(const SendConfig& config, Listeners listeners, Log& log)
    : listeners_(std::move(listeners)),
      log_(log),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      most_(config.max_jobs),
      turns_(std::make_shared<Turns>(config.max_jobs)),
      limits_(config.jobs),
      manifests_(bell_.get(), log) {
    if (!bell_) {
        throw sys::system_failure(ExitCode::internal, "make an eventfd");
    }
}

Crew::~Crew() = default;

void Crew::set(const SendConfig& config) {
    most_ = config.max_jobs;
    turns_->set_most(config.max_jobs);
    limits_.set(config.jobs);
}

bool Crew::has_room_for(const Job& job) const {
    constexpr std::size_t most_threads = 128;
    std::size_t in_all = 0;
    std::size_t to_its_machine = 0;
    for (const auto& work : works_) {
        in_all += work->takes_room() ? 1 : 0;
        to_its_machine += is_same_machine(work->job(), job) ? 1 : 0;
    }
    return works_.size() < most_threads && in_all < most_ && to_its_machine < job.receiver.parallel;
}

bool Crew::has_manifest_out_of_the_way(const Job& job) {
    return manifests_.makes_way_for(job);
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
        return Line(job.receiver, limits_.of(job.receiver), turns_);
    }
    auto line = std::move(*found);
    line.set_limit(limits_.of(job.receiver));
    idle_lines_.erase(found);
    return line;
}

void Crew::keep_line(Line line) {
    constexpr std::size_t most_kept = 64;
    line.hang_up();
    if (idle_lines_.size() < most_kept) {
        idle_lines_.push_back(std::move(line));
    }
}

std::vector<RunEnd> Crew::take_ended() {
    eventfd_t count = 0;
    (void)::eventfd_read(bell_.get(), &count);
    std::vector<RunEnd> ends;
    for (auto work = works_.begin(); work != works_.end();) {
        if ((*work)->has_ended()) {
            auto end = (*work)->take_end();
            for (const auto& wanted : end.manifests) {
                manifests_.take({(*work)->shared_job(), end.report, wanted,
                                 limits_.of((*work)->job().receiver)});
            }
            ends.push_back(std::move(end));
            keep_line((*work)->take_line());
            work = works_.erase(work);
        } else {
            ++work;
        }
    }
    return ends;
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
