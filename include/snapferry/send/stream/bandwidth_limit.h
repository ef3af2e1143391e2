#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "snapferry/core/transfer/throttle.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// What all connections to one machine together may send. Thread-safe.
class BandwidthLimit {
  public:
    explicit BandwidthLimit(std::uint64_t bytes_a_second)
        : rate_(bytes_a_second), throttle_(bytes_a_second) {}

    /// From now on this one.
    void set_rate(std::uint64_t bytes_a_second);
    [[nodiscard]] std::uint64_t rate();

    /// Writes within the limit, a twentieth of a second's worth at a time; returns what
    /// Channel::write does. Who makes the bytes is held up by that, and nothing else.
    std::size_t write(ssh::Channel& channel, std::span<const std::byte> bytes);

  private:
    std::size_t piece_size();
    void wait_for_turn(std::size_t bytes);

    std::mutex reserving_;
    std::uint64_t rate_;
    Throttle throttle_;
};

}  // namespace snapferry::send
