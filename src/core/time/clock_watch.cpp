#include "snapferry/core/time/clock_watch.h"

namespace snapferry {

std::optional<std::chrono::seconds> ClockWatch::jump(const Moment& now) {
    constexpr std::chrono::minutes least{1};
    if (!last_) {
        last_ = now;
        return std::nullopt;
    }
    const auto passed = std::chrono::floor<std::chrono::seconds>(now.steady - last_->steady);
    const auto by = (now.wall - last_->wall) - passed;
    if (by > -least && by < least) {
        return std::nullopt;  // and what adds up to a jump is compared with the same moment
    }
    last_ = now;
    return by;
}

}  // namespace snapferry
