#include "snapferry/core/status/receiving.h"

#include <algorithm>

namespace snapferry {

using std::chrono::seconds;

std::uint64_t bytes_a_day(std::span<const Arrival> arrivals, std::chrono::sys_seconds now) {
    constexpr std::chrono::hours longest{30 * 24};
    constexpr std::chrono::hours shortest{3 * 24};
    auto first = now;
    std::uint64_t bytes = 0;
    for (const auto& arrival : arrivals) {
        const bool counts = arrival.when.at <= now && now - arrival.when.at <= longest;
        if (counts) {
            first = std::min(first, arrival.when.at);
            bytes += arrival.full ? 0 : arrival.bytes.value_or(0);
        }
    }
    const auto time = now - first;
    if (time < shortest) {
        return 0;
    }
    constexpr double day = 86'400;  // seconds
    return static_cast<std::uint64_t>(static_cast<double>(bytes) /
                                      static_cast<double>(time.count()) * day);
}

std::optional<seconds> full_in(const DiskStatus& disk) {
    constexpr std::chrono::hours far_away{24 * 365 * 100};
    if (disk.bytes_a_day == 0) {
        return std::nullopt;
    }
    const auto left = disk.free > disk.reserve ? disk.free - disk.reserve : 0;
    const std::chrono::duration<double, std::ratio<86'400>> days(
        static_cast<double>(left) / static_cast<double>(disk.bytes_a_day));
    return days > far_away ? std::nullopt
                           : std::optional(std::chrono::duration_cast<seconds>(days));
}

}  // namespace snapferry
