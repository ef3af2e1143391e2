#include "snapferry/core/transfer/throttle.h"

#include <algorithm>

#include "snapferry/core/text/byte_text.h"

namespace snapferry {
namespace {

constexpr std::uint64_t lowest_rate = 1024;  // bytes a second; less would look like a dead peer

}  // namespace

std::optional<std::uint64_t> parse_rate(std::string_view text) {
    constexpr std::string_view per_second = "/s";
    if (!text.ends_with(per_second)) {
        return std::nullopt;
    }
    const auto rate = parse_bytes(text.substr(0, text.size() - per_second.size()));
    return rate && *rate >= lowest_rate ? rate : std::nullopt;
}

std::size_t Throttle::piece() const {
    constexpr std::uint64_t pieces_a_second = 20;
    constexpr std::uint64_t smallest = 256;         // bytes
    constexpr std::uint64_t largest = 1024 * 1024;  // bytes
    return static_cast<std::size_t>(std::clamp(rate_ / pieces_a_second, smallest, largest));
}

Throttle::TimePoint Throttle::reserve(std::size_t bytes, TimePoint now) {
    const auto start = std::max(free_from_, now);
    const std::chrono::duration<double> length{static_cast<double>(bytes) /
                                               static_cast<double>(rate_)};
    free_from_ = start + std::chrono::duration_cast<TimePoint::duration>(length);
    return start;
}

}  // namespace snapferry
