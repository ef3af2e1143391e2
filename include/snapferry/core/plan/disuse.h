#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// When what a job keeps beside the snapshots is nobody's any more. A job that has been renamed, or
/// is run no more, does not say so. So the others count the days on which they ran and it did not:
/// a machine that was off, or a clock that was wrong, counts for one day.
namespace snapferry {

/// On how many days others have run since a job ran last.
struct Disuse {
    unsigned days = 0;
    std::int64_t last_day = 0;  ///< the last of them, as days since 1970

    friend bool operator==(const Disuse&, const Disuse&) = default;
};

/// More than a month, so that a job that is run once a month keeps what it has.
inline constexpr unsigned most_days_of_disuse = 40;

/// One more day, unless that day is counted already; it is counted up to `most`.
Disuse after_a_day(const Disuse& disuse, std::int64_t day, unsigned most = most_days_of_disuse);

inline bool is_abandoned(const Disuse& disuse) {
    return disuse.days >= most_days_of_disuse;
}

/// "3 20783\n"
std::string disuse_text(const Disuse& disuse);

/// Nothing where it is anything else.
std::optional<Disuse> parse_disuse(std::string_view text);

}  // namespace snapferry
