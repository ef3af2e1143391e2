#pragma once

#include <chrono>
#include <optional>

#include "snapferry/core/status/allowed_age.h"

namespace snapferry {

/// How a newest backup stands to the age that is allowed.
enum class Freshness {
    unknown,          ///< no backup is known
    fresh,            ///< known to be young enough
    doubtful,         ///< old, and how often one is made is not known
    stale,            ///< known to be too old
    from_the_future,  ///< no age can be told from its time: it may be any
};

/// How far the clocks that a time comes from may be apart.
inline constexpr std::chrono::hours clocks_may_differ{1};

/// `age`: nothing where none is known.
Freshness freshness_of(std::optional<std::chrono::seconds> age, const AllowedAge& allowed);

/// Whether somebody is to be told: what cannot be shown to be young enough may be too old.
constexpr bool is_alarming(Freshness freshness) {
    return freshness == Freshness::stale || freshness == Freshness::from_the_future;
}

/// The age that may be told: never less than nothing; none of what is from the future.
std::optional<std::chrono::seconds> tellable_age(std::optional<std::chrono::seconds> age);

}  // namespace snapferry
