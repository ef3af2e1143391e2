#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "snapferry/core/report/log.h"
#include "snapferry/send/run/run_once.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::send {

/// Runs jobs on threads of their own, each over a line to its receiver, and says which have ended.
/// Used by one thread.
class Crew {
  public:
    /// What the daemon knows of a job that runs.
    struct Running {
        std::string job;
        JobProgress::View progress;
    };

    Crew(Listeners listeners, Log& log);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// True where one more may run: `most` in all, and as many to its machine as the job says.
    [[nodiscard]] bool has_room_for(const Job& job, std::size_t most) const;

    void start(std::shared_ptr<const Job> job);

    /// Those that have ended since the last call.
    std::vector<RunReport> take_ended();

    /// For poll(): readable where take_ended() has something.
    [[nodiscard]] int descriptor() const { return bell_.get(); }

    [[nodiscard]] std::vector<Running> running() const;

  private:
    class Work;

    Line take_line(const Job& job);
    void keep_line(Line line);
    std::shared_ptr<BandwidthLimit> shared_limit_of(const Receiver& receiver);

    Listeners listeners_;
    Log& log_;
    sys::UniqueFd bell_;  ///< an eventfd
    std::list<std::unique_ptr<Work>> works_;
    std::vector<Line> idle_lines_;
    std::map<std::tuple<std::string, unsigned, std::uint64_t>, std::shared_ptr<BandwidthLimit>>
        limits_;  ///< by host, port and rate
};

}  // namespace snapferry::send
