#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "snapferry/core/plan/schedule.h"
#include "snapferry/core/time/moment.h"

namespace snapferry {

/// When a job is due, and why. Time is given, never asked for; randomness is given as a share from
/// 0 to 1. All that lasts is kept in time since the boot, which nobody can set; a time of the
/// calendar and the window are looked up by the wall clock as it is whenever one asks.
class Agenda {
  public:
    /// Due at once: whatever appeared before the daemon did may not have been sent.
    Agenda(Schedule schedule, const Moment& now);

    /// A snapshot was made, or may have been. One that goes on changing is not waited for for ever.
    void change_seen(const Moment& now);

    /// The next time of the calendar, as whoever can read it says; nothing: never.
    void set_calendar_time(std::optional<std::chrono::sys_seconds> next, double random);

    /// Whether set_calendar_time() should be called, with what comes next.
    [[nodiscard]] bool wants_calendar_time(const Moment& now) const;

    /// The wall clock was set by so much. Where it was set back, what was awaited of the calendar
    /// is awaited for as long as before, until set_calendar_time() knows better. Where it was set
    /// ahead beyond that, it is due.
    void clock_was_set(std::chrono::seconds by, const Moment& now);

    /// The run has ended. After a failure it is tried again soon, and then less and less often;
    /// `got_further`: less was left to be done than after the one before, so it is soon again.
    void ended(bool well, bool got_further, const Moment& now, double random);

    /// Somebody else is at work on it: later, then less and less often, and no failure.
    void postponed(const Moment& now, double random);

    /// When to run next: not before it is due, nor while the window is shut; nothing: only a change
    /// can tell.
    [[nodiscard]] std::optional<BootTime> due(const Moment& now) const;

    /// In a few words: "a new snapshot", "its time has come", "the calendar", "trying again",
    /// "starting".
    [[nodiscard]] std::string_view reason(const Moment& now) const;

    [[nodiscard]] const Schedule& schedule() const { return schedule_; }
    [[nodiscard]] unsigned failures() const { return failures_; }

  private:
    struct Cause {
        std::optional<BootTime> at;
        std::string_view reason;
    };
    [[nodiscard]] Cause first_cause(const Moment& now) const;

    Schedule schedule_;
    std::optional<BootTime> start_;   ///< of the daemon, or when somebody else may be done
    std::optional<BootTime> change_;  ///< when the last change will have settled
    std::optional<BootTime> change_began_;
    std::optional<BootTime> every_;
    std::optional<BootTime> again_;  ///< after a failure
    std::optional<std::chrono::sys_seconds> calendar_;
    bool calendar_is_a_guess_ = false;  ///< since the clock was set back
    unsigned failures_ = 0;             ///< in a row
    unsigned postponements_ = 0;        ///< in a row
};

}  // namespace snapferry
