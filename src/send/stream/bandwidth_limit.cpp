#include "snapferry/send/stream/bandwidth_limit.h"

#include <algorithm>
#include <thread>

namespace snapferry::send {

std::size_t BandwidthLimit::write(ssh::Channel& channel, std::span<const std::byte> bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto rest = bytes.subspan(written);
        const auto piece = rest.first(std::min(rest.size(), piece_size()));
        wait_for_turn(piece.size());
        const auto count = channel.write(piece);
        written += count;
        if (count < piece.size()) {
            break;
        }
    }
    return written;
}

void BandwidthLimit::set_rate(std::uint64_t bytes_a_second) {
    const std::lock_guard one_at_a_time(reserving_);
    if (bytes_a_second != rate_) {
        rate_ = bytes_a_second;
        throttle_ = Throttle(bytes_a_second);
    }
}

std::uint64_t BandwidthLimit::rate() {
    const std::lock_guard one_at_a_time(reserving_);
    return rate_;
}

std::size_t BandwidthLimit::piece_size() {
    const std::lock_guard one_at_a_time(reserving_);
    return throttle_.piece();
}

void BandwidthLimit::wait_for_turn(std::size_t bytes) {
    const auto turn = [&] {
        const std::lock_guard one_at_a_time(reserving_);
        return throttle_.reserve(bytes, std::chrono::steady_clock::now());
    }();
    std::this_thread::sleep_until(turn);
}

}  // namespace snapferry::send
