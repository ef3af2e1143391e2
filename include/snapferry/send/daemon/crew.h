#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/daemon/manifest_desk.h"
#include "snapferry/send/run/run_once.h"
#include "snapferry/send/stream/shared_limits.h"
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

    Crew(const SendConfig& config, Listeners listeners, Log& log);
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// From now on so many at once, and the bandwidth limits of these jobs, also for what runs.
    void set(const SendConfig& config);

    /// True where one more may run: as many in all as the configuration says, and as many to its
    /// machine as the job says. Those that have no connection for a while do not count: a receiver
    /// that is away keeps only its own jobs waiting.
    [[nodiscard]] bool has_room_for(const Job& job) const;

    /// What is being made of the job's last manifest is given up for its next run. False where that
    /// has not ended yet; then descriptor() tells when it has.
    bool has_manifest_out_of_the_way(const Job& job);

    void start(std::shared_ptr<const Job> job);

    /// Those that have ended since the last call.
    std::vector<RunEnd> take_ended();

    /// For poll(): readable where take_ended() has something, or a manifest was made.
    [[nodiscard]] int descriptor() const { return bell_.get(); }

    [[nodiscard]] std::vector<Running> running() const;

  private:
    class Work;

    Line take_line(const Job& job);
    void keep_line(Line line);

    Listeners listeners_;
    Log& log_;
    sys::UniqueFd bell_;  ///< an eventfd
    std::list<std::unique_ptr<Work>> works_;
    std::vector<Line> idle_lines_;
    std::size_t most_;
    std::shared_ptr<Turns> turns_;
    SharedLimits limits_;
    ManifestDesk manifests_;  ///< last: its thread rings the bell
};

}  // namespace snapferry::send
