#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/age/arrivals.h"

namespace snapferry {

/// [alarm] of receive.toml: from when on what arrives is unusual.
struct AlarmLimits {
    std::uint64_t arrivals = 12;  ///< in a day; no fewer are ever a flood
    std::uint64_t factor = 4;     ///< times as many as usual in a day are one
    std::uint64_t share = 30;     ///< per cent of the files that were there
    std::uint64_t files = 10;     ///< fewer than these are never too many
};

/// While it is not known what is usual, fewer arrivals in a day than this are no flood: a backup an
/// hour is none.
inline constexpr std::uint64_t flood_of_unknown = 30;

/// What is known when something has arrived under a tag.
struct ArrivalSituation {
    std::span<const Arrival> earlier;  ///< in any order
    const Arrival& arrived;
    std::optional<std::uint64_t> files_before{};  ///< that its parent, or the one before it, holds
    CountedTime cleared{};                        ///< arrivals before this were judged by a person
};

/// Why what has arrived is unusual; nothing where it is usual, or not enough is known to say. Far
/// more arrivals in a day than usual, what failed to come in the last 30 days made up for (no more
/// than could have come in that time unnoticed); a large share of the files that were there
/// rewritten, renamed or deleted; a full send with a small share of them. What is only added is
/// never unusual.
std::optional<std::string> judge_arrival(const ArrivalSituation& situation,
                                         const AlarmLimits& limits);

}  // namespace snapferry
