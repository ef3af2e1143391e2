#include "snapferry/core/report/freshness.h"

#include <algorithm>

namespace snapferry {

Freshness freshness_of(std::optional<std::chrono::seconds> age,
                       std::optional<std::chrono::seconds> stale_after) {
    if (!age || !stale_after) {
        return Freshness::unknown;
    }
    if (!tellable_age(age)) {
        return Freshness::from_the_future;
    }
    return *age > *stale_after ? Freshness::stale : Freshness::fresh;
}

std::optional<std::chrono::seconds> tellable_age(std::optional<std::chrono::seconds> age) {
    if (!age || *age < -clocks_may_differ) {
        return std::nullopt;
    }
    return std::max(*age, std::chrono::seconds{0});
}

}  // namespace snapferry
