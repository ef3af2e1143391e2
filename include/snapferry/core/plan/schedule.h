#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Hours of the day in which runs may begin, by local time: "01:00-07:00", also across midnight.
class QuietWindow {
  public:
    /// Nothing where the text is none, or both ends are the same.
    static std::optional<QuietWindow> parse(std::string_view text);

    /// `local`: the time of day, as the clock on the wall shows it.
    [[nodiscard]] bool is_open(std::chrono::seconds local) const;

    /// How long until it is open; zero where it is.
    [[nodiscard]] std::chrono::seconds opens_in(std::chrono::seconds local) const;

    friend bool operator==(const QuietWindow&, const QuietWindow&) = default;

  private:
    QuietWindow(std::chrono::minutes from, std::chrono::minutes to) : from_(from), to_(to) {}
    std::chrono::minutes from_;
    std::chrono::minutes to_;
};

/// When the daemon runs a job.
struct Schedule {
    bool on_change = true;                        ///< when a new snapshot with the tag appears
    std::chrono::seconds settle{10};              ///< how long the directory must be quiet before
    std::optional<std::chrono::seconds> every{};  ///< and at the latest so long after the last run
    std::string calendar;                         ///< and at these times; systemd.time(7), or empty
    std::chrono::seconds jitter{0};               ///< `every` and `calendar` are late by up to this
    std::optional<QuietWindow> window{};          ///< when runs may begin; nothing: always

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// When a job is due, and why. Time is given, never asked for; randomness is given as a share from
/// 0 to 1.
class Agenda {
  public:
    using Time = std::chrono::sys_seconds;

    /// Due at once: whatever appeared before the daemon did may not have been sent.
    Agenda(Schedule schedule, Time now);

    /// A snapshot was made, or may have been. One that goes on changing is not waited for for ever.
    void change_seen(Time now);

    /// The next time of the calendar, as whoever can read it says; nothing: never.
    void set_calendar_time(std::optional<Time> next, double random);

    /// The run has ended. After a failure it is tried again soon, and then less and less often.
    void ended(bool well, Time now, double random);

    /// Somebody else is at work on it: later, and no failure.
    void postponed(Time now);

    /// When to run next, not before the window is open; nothing: only a change can tell.
    /// `local_offset`: what local time is ahead of UTC by.
    [[nodiscard]] std::optional<Time> due(std::chrono::seconds local_offset) const;

    /// In a few words: "a new snapshot", "every 6 h", "the calendar", "trying again", "starting".
    [[nodiscard]] std::string_view reason() const;

    [[nodiscard]] const Schedule& schedule() const { return schedule_; }
    [[nodiscard]] unsigned failures() const { return failures_; }

  private:
    struct Cause {
        std::optional<Time> at;
        std::string_view reason;
    };
    [[nodiscard]] Cause first_cause() const;

    Schedule schedule_;
    std::optional<Time> start_;   ///< of the daemon, or when somebody else may be done
    std::optional<Time> change_;  ///< when the last change will have settled
    std::optional<Time> change_began_;
    std::optional<Time> every_;
    std::optional<Time> calendar_;
    std::optional<Time> again_;  ///< after a failure
    unsigned failures_ = 0;      ///< in a row
};

}  // namespace snapferry
