#include "snapferry/core/agenda/stale_watch.h"

namespace snapferry {

using std::chrono::seconds;

void StaleWatch::found(seconds age, BootTime at) {
    newest_ = Known{age, at};
    told_ = at;
}

std::optional<seconds> StaleWatch::age(BootTime now) const {
    if (!newest_) {
        return std::nullopt;
    }
    return newest_->age + std::chrono::floor<seconds>(now - newest_->at);
}

std::optional<BootTime> StaleWatch::due(const AllowedAge& allowed, BootTime now) const {
    constexpr std::chrono::hours between_tellings{24};
    const auto freshness = freshness_of(age(now), allowed);
    if (freshness == Freshness::unknown) {
        return std::nullopt;
    }
    const auto alarming_from =
        freshness == Freshness::from_the_future
            ? newest_->at
            : BootTime(newest_->at + (allowed.stale_after - newest_->age + seconds{1}));
    const bool was_told = told_ && *told_ >= alarming_from;
    return was_told ? BootTime(*told_ + between_tellings) : alarming_from;
}

}  // namespace snapferry
