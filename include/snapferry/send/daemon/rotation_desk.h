#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "snapferry/core/agenda/agenda.h"
#include "snapferry/core/agenda/calendar_plan.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/time/clock_watch.h"
#include "snapferry/send/rotation/rotation.h"

namespace snapferry::send {

/// Makes and rotates snapshots by their calendars, one at a time, on a thread of its own: a disk
/// that sleeps or is at its limit keeps no job from being sent. What was missed while nobody ran is
/// made up for by one. Thread-safe.
class RotationDesk {
  public:
    /// What it does with the machine. All of it may fail.
    struct Means {
        std::function<std::optional<Failure>(const Rotation&)> rotate;
        std::function<std::optional<std::chrono::sys_seconds>(const Rotation&)> last_rotated;
        /// The next times of a calendar expression, after that time or after now.
        std::function<std::vector<std::chrono::sys_seconds>(
            const std::string& expression, std::optional<std::chrono::sys_seconds> after)>
            times;
    };

    /// Told of each that was done, with how it failed; nullptr where all went well. It may not wait
    /// for anything.
    using WhenDone = std::function<void(const Rotation&, const Failure*)>;

    RotationDesk(Means means, WhenDone when_done, Log& log);

    /// From now on these; those without a calendar are nobody's here. One that is as it was keeps
    /// its place.
    void set(const std::vector<Rotation>& rotations);

  private:
    struct Entry {
        Rotation rotation;
        Agenda agenda;
        CalendarPlan plan{};
    };

    void work(const std::stop_token& stop);
    void take_over_new_ones(const Moment& now);
    void note_clock(const Moment& now);
    void plan_calendar(Entry& entry, const Moment& now);
    void do_what_is_due(Entry& entry, const Moment& now);
    void rotate_now(Entry& entry);
    [[nodiscard]] bool has_missed_one(const Entry& entry, const Moment& now);
    void tell(const Entry& entry, const Failure& failure);
    [[nodiscard]] std::chrono::milliseconds patience(const Moment& now) const;

    Means means_;
    WhenDone when_done_;
    Log& log_;
    std::vector<Entry> entries_;  ///< of the thread alone
    ClockWatch clock_;            ///< of the thread alone
    std::mutex mutex_;
    std::condition_variable_any bell_;
    std::optional<std::vector<Rotation>> new_ones_;
    std::jthread thread_;
};

}  // namespace snapferry::send
