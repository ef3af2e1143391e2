#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/check/check.h"
#include "snapferry/core/time/wall_time.h"

/// How time is counted that an enemy of the clock cannot give or take: a machine's own steady time
/// within one boot, and a bounded share of what lies between two boots.
namespace snapferry {

/// What a machine's clocks said at one moment.
struct ClockReading {
    std::string boot;                         ///< the id of the boot
    std::chrono::milliseconds since_boot{0};  ///< with the time it slept; nobody can set it
    WallTime wall;                            ///< whatever somebody has set it to
};

/// The wall clock moved otherwise than time passed.
struct ClockJump {
    std::chrono::milliseconds by{0};  ///< ahead; negative where it went back
    CountedTime seen;                 ///< when that was noticed
};

/// What is written down of it, and read at the next run.
struct ClockRecord {
    CountedTime counted;
    ClockReading last;  ///< when `counted` was written down
    /// The wall clock's last word before this boot; nothing where the record began in it.
    std::optional<WallTime> wall_before_boot{};
    std::chrono::milliseconds gap{0};  ///< of the time before this boot, how much is counted
    std::optional<ClockJump> jump{};   ///< the last one
};

/// The most that is counted of the time between the last reading before a boot and that boot.
/// Long enough for a machine that is switched on once a day.
inline constexpr std::chrono::hours longest_gap{24};

/// A clock that was set right by so much has done no harm.
inline constexpr std::chrono::minutes clock_tolerance{10};

/// The record as it is now; a new one, that begins at zero, where there was none. `counted` never
/// goes back. Of a boot's gap, the wall clock may bring in more as long as the boot lasts, up to
/// the bound: a machine without a battery learns the time only after it has started.
ClockRecord count_on(const std::optional<ClockRecord>& record, const ClockReading& now);

/// "this machine's clock went ahead by 3 d ...": for the log and for a check.
std::string jump_text(const ClockJump& jump);

/// A warning while a jump is younger than a week, counted; or where the clock has jumped since the
/// record was written.
Finding judge_clock(const ClockRecord& record, const ClockReading& now);

}  // namespace snapferry
