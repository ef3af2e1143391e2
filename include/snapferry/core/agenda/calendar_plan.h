#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "snapferry/core/time/moment.h"

namespace snapferry {

/// What is known of the times of one calendar expression. Only systemd can read it, and that may
/// fail at any moment; so many times are asked for ahead, are kept, and are asked for anew long
/// before they are used up. Where nobody answers, they go on as they went.
class CalendarPlan {
  public:
    /// How many times to ask for.
    static constexpr std::size_t asked_for = 64;

    /// Whether it is time to ask, for the first time or again.
    [[nodiscard]] bool is_to_be_asked(const Moment& now) const { return now.steady >= ask_at_; }
    [[nodiscard]] BootTime ask_at() const { return ask_at_; }

    /// The next times, in their order: fewer than `asked_for` where these are all.
    void answered(std::vector<std::chrono::sys_seconds> times, const Moment& now);

    /// Nobody has answered: what was known counts. It is asked again soon, then less often. Returns
    /// how long it takes until then.
    std::chrono::seconds failed(const Moment& now);

    /// The wall clock was set: what is known may be far from what comes next by it.
    void clock_was_set(const Moment& now) { ask_at_ = now.steady; }

    /// The first time after that one; nothing where there is none, or none is known.
    [[nodiscard]] std::optional<std::chrono::sys_seconds> next_after(
        std::chrono::sys_seconds time) const;

    /// True where it is known that no time is still to come.
    [[nodiscard]] bool never_comes(const Moment& now) const;

  private:
    BootTime ask_at_ = BootTime::min();
    std::vector<std::chrono::sys_seconds> times_;
    bool was_answered_ = false;
    unsigned failures_ = 0;  ///< in a row
};

}  // namespace snapferry
