#include "snapferry/core/resume/share_rule.h"

#include "snapferry/core/wire/message.h"

namespace snapferry {
namespace {

constexpr std::size_t free_shares = wire::max_shares / 2;
constexpr std::size_t step = wire::max_shares / 8;  // shares; then twice as much is asked for

}  // namespace

bool deserves_share(std::size_t shares, std::uint64_t held, std::uint64_t brought) {
    if (brought == 0 || shares >= wire::max_shares) {
        return false;
    }
    if (shares < free_shares) {
        return true;
    }
    const auto part = free_shares >> ((shares - free_shares) / step);  // 512, 256, 128, 64
    return brought >= held / part;
}

}  // namespace snapferry
