#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/time/moment.h"
#include "snapferry/send/rotation/rotation.h"
#include "snapferry/send/run/run_listener.h"
#include "snapferry/send/telling/hooks.h"
#include "snapferry/send/telling/metrics_file.h"
#include "snapferry/send/telling/tell_program.h"
#include "snapferry/sys/signals/stop_flag.h"

namespace snapferry::send {

/// Tells of runs what there is to tell, to the file of numbers and to the hooks, one after the
/// other on a thread of its own: a hook that takes its time holds nothing up but the next telling.
/// What fails is a warning. What is to be told only once and once a day is left to `snapferry
/// tell`, which is run after the rest. There is a thread only while there is something to tell.
/// Thread-safe.
class TellingQueue final : public RunListener {
  public:
    /// So many wait at most; what comes then is not told, with a warning.
    static constexpr std::size_t most_waiting = 256;

    /// `tell_program`: nothing where none is to be run, whatever a job asks for.
    TellingQueue(Hooks::LastKnown last_known, Log& log, std::size_t most = most_waiting,
                 std::optional<TellProgram> tell_program = {})
        : log_(log),
          most_(most),
          hooks_(std::move(last_known), log),
          tell_program_(std::move(tell_program)) {}

    /// Waits as finish() does.
    ~TellingQueue() override;
    TellingQueue(const TellingQueue&) = delete;
    TellingQueue& operator=(const TellingQueue&) = delete;

    void begins(const Job& /*job*/, const JobProgress& /*progress*/) override {}
    void ends(const Job& job, const JobProgress& progress, const RunReport& report) override;

    /// Between runs it was found that the newest backup is too old. `age`: nothing where it cannot
    /// be told.
    void stale(const Job& job, std::optional<std::chrono::seconds> age);

    /// A snapshot could not be made, or not all deleted that should be; nullptr: all went well.
    void rotated(const Rotation& rotation, const Failure* failure);

    /// To be called from time to time, where `tells`: looks how all stand once an hour, and tries
    /// again what could not leave.
    void tend(bool tells, BootTime now);

    /// Waits until all is told: as long as the hooks' time limits let it take.
    void finish();

    /// The program is to end: ends the hook that is at work, with all that it has started, and says
    /// what was not told. From now on nothing is told.
    void stop() noexcept;

  private:
    struct Telling {
        std::string what;  ///< for a person: "how the run of home ended (done)"
        std::function<void()> tell;
    };

    void rotation_failed(const Rotation& rotation, const Failure& failure);
    void note(const Rotation& rotation, const Failure* failure);
    bool push(Telling telling);
    void push_tell_program();
    void work();
    std::optional<Telling> next();
    std::vector<std::string> take_untold();

    Log& log_;
    std::size_t most_;
    Hooks hooks_;
    std::optional<TellProgram> tell_program_;
    MetricsFile metrics_;
    sys::StopFlag stop_;
    std::mutex mutex_;
    std::condition_variable at_rest_;
    std::deque<Telling> waiting_;
    std::string at_work_on_;
    std::optional<BootTime> looked_;  ///< when tend() last had all looked at
    bool tell_program_waits_ = false;
    bool working_ = false;
    bool stopped_ = false;
    std::jthread thread_;
};

}  // namespace snapferry::send
