#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/agenda/calendar_plan.h"
#include "snapferry/core/log/log.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// What is known of the times of all calendar expressions that jobs have.
class Calendars {
  public:
    /// The next times of an expression, as sys::calendar_times() has them. May fail.
    using Read =
        std::function<std::vector<std::chrono::sys_seconds>(const std::string& expression)>;

    Calendars(Read read, Log& log) : read_(std::move(read)), log_(log) {}

    /// From now on those of these jobs; what is known of one stays. Asks nobody.
    void set(const std::vector<Job>& jobs);

    /// Asks for the times of one of them, where it is time for that, and returns its expression.
    /// One at a time: whoever answers may take seconds for it, and there is other work.
    std::optional<std::string> ask_one(const Moment& now);

    /// Null where no job has it.
    [[nodiscard]] const CalendarPlan* find(const std::string& expression) const;

    /// The wall clock was set.
    void clock_was_set(const Moment& now);

    /// When ask_one() has something to ask.
    [[nodiscard]] std::optional<BootTime> next_time() const;

  private:
    void ask(const std::string& expression, CalendarPlan& plan, const Moment& now);

    Read read_;
    Log& log_;
    std::map<std::string, CalendarPlan> plans_;  ///< by expression
};

}  // namespace snapferry::send
