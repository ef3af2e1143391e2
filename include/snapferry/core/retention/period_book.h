#pragma once

#include <cstdint>
#include <map>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/time/period.h"

namespace snapferry {

/// Of each kind of period, which one an arrival belongs to: numbered from 1 in the order in which
/// they began at the receiver. 0: not known.
using PeriodIds = ByPeriod<std::uint32_t>;

/// Numbers the periods of a tag's arrivals. Once given, a number stays: so no backup's role changes
/// when others go, or the clock is set. Two arrivals are of one period where the receiver's clock
/// says so and no more time was seen to pass than the period has: a clock that was set back does
/// not put new days into old ones.
class PeriodBook {
  public:
    /// An arrival whose periods are known.
    void note(const LocalMoment& when, CountedTime counted, const PeriodIds& ids);

    /// The periods of the next one to arrive.
    PeriodIds enter(const LocalMoment& when, CountedTime counted);

  private:
    struct Begun {
        std::uint32_t id = 0;
        CountedTime first;
    };
    ByPeriod<std::map<std::int64_t, Begun>> by_key_;
    PeriodIds last_{};
};

}  // namespace snapferry
