#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "snapferry/core/report/newest_backup.h"

/// When a person is told of a trouble: once, again once a day while it lasts, and when it is over.
namespace snapferry::alert {

/// What is remembered of one trouble, for one way of telling.
struct TroubleMemory {
    WallTime since{};                      ///< when it was first seen
    WallTime told{};                       ///< when it was last told that it is there
    WallTime seen{};                       ///< when it was last looked at, whatever was found
    std::optional<WallTime> over_since{};  ///< it is not seen any more; from the first such look on
    bool told_over = false;                ///< and that was told
    bool came_back = false;                ///< within a day of having been told over

    friend bool operator==(const TroubleMemory&, const TroubleMemory&) = default;
};

enum class Saying {
    nothing,
    begun,  ///< it is there, which nobody was told yet
    still,  ///< it is there still: a day has passed
    over,
};

/// What to say, and what to remember once that is said; nothing to remember where `memory` is
/// empty. Where it is not said, the old memory stays, so that the next look says it.
struct Decision {
    Saying say = Saying::nothing;
    std::optional<TroubleMemory> memory{};
};

/// Pure. `memory`: nothing where none is known or it was lost; then what is there is told, if it
/// was before or not.
///  - A day is 24 hours. Where it is looked only about once a day, 20 are enough, or every other
///    day would be left out.
///  - Where a mail goes anyway (`goes_along`), half a day is enough: so all that lasts is told
///    together from the second day on, however far apart it began.
///  - What comes back within a day of having been told over is told at once; but then it has to be
///    away for a day before that is told again, so that one that comes and goes makes no more than
///    a few messages a day.
///  - A clock that was set back does not silence anything.
Decision what_to_tell(const std::optional<TroubleMemory>& memory, bool is_there, WallTime now,
                      bool goes_along = false);

/// Whether the monthly word that all is well (or not) is due: in each month of the calendar once,
/// as `month` numbers them (see period_key), and where nothing is remembered.
bool is_monthly_word_due(std::optional<std::int64_t> last_month, std::int64_t month);

}  // namespace snapferry::alert
