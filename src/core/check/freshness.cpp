#include "snapferry/core/check/freshness.h"

#include <algorithm>

namespace snapferry {

Freshness freshness_of(std::optional<std::chrono::seconds> age, const AllowedAge& allowed) {
    if (!age) {
        return Freshness::unknown;
    }
    if (!tellable_age(age)) {
        return Freshness::from_the_future;
    }
    if (*age > allowed.stale_after) {
        return Freshness::stale;
    }
    return *age > allowed.doubtful_after ? Freshness::doubtful : Freshness::fresh;
}

std::optional<std::chrono::seconds> tellable_age(std::optional<std::chrono::seconds> age) {
    if (!age || *age < -clocks_may_differ) {
        return std::nullopt;
    }
    return std::max(*age, std::chrono::seconds{0});
}

}  // namespace snapferry
