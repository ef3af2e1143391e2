#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/core/stream/change_count.h"
#include "snapferry/core/time/period.h"

/// What the receiver writes down of each backup that arrives under a tag.
namespace snapferry {

/// What a derived backup was taken from.
struct ArrivalOrigin {
    Uuid copy;
    std::uint64_t order = 0;  ///< its Backup::arrival

    friend bool operator==(const ArrivalOrigin&, const ArrivalOrigin&) = default;
};

struct Arrival {
    CountedTime counted;                   ///< in time that was seen to pass
    LocalMoment when{};                    ///< by the receiver's clock, or what came nearest to it
    PeriodIds periods{};                   ///< zeros: not numbered yet
    std::optional<std::uint64_t> bytes{};  ///< of its stream; nothing where nobody counted

    bool full = false;                             ///< it built on nothing
    std::optional<stream::ChangeCount> changes{};  ///< that its stream made
    std::optional<std::uint64_t> files{};          ///< names of files that it holds
    std::optional<ArrivalOrigin> origin{};         ///< of a derived backup

    friend bool operator==(const Arrival&, const Arrival&) = default;
};

/// By the uuid of the copy itself, which no sender can choose and no other copy has.
using Arrivals = std::map<Uuid, Arrival>;

struct ArrivalBook {
    Arrivals present;
    std::vector<Arrival> gone{};  ///< of backups that are no more, in order: the last ones

    friend bool operator==(const ArrivalBook&, const ArrivalBook&) = default;
};

/// How many arrivals of what is gone are remembered.
inline constexpr std::size_t most_gone = 400;

/// How far local time was ahead of UTC at a moment.
using OffsetAt = std::function<std::chrono::seconds(std::chrono::sys_seconds)>;

/// What is to be written down for these backups (newest arrival first), given what was. One that
/// was never noted arrived now, or before the next newer one; a note from the future is as good as
/// none. So a note that is lost makes a backup younger, and never older.
///
/// One whose arrival nobody saw (it was brought over from another disk) belongs where its name says
/// that it was taken, as long as that is in order and not after it appeared here; else to when it
/// appeared.
ArrivalBook settle(std::span<const Backup> backups, const ArrivalBook& noted, CountedTime now,
                   const OffsetAt& offset_at);

}  // namespace snapferry
