#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace snapferry {

/// A rate as configuration files have it, "20MiB/s", in bytes a second; at least 1 KiB/s. Nothing
/// where the text is anything else.
std::optional<std::uint64_t> parse_rate(std::string_view text);

/// Spreads bytes evenly over time: whoever sends a piece asks how long to wait first. Time that
/// nothing was sent in is not made up for.
class Throttle {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `rate`: bytes a second, above 0.
    explicit Throttle(std::uint64_t rate) : rate_(rate) {}

    /// bytes; pieces of this size go out smoothly, about twenty a second.
    [[nodiscard]] std::size_t piece() const;

    /// When the next `bytes` may be sent; they count as sent from then on.
    TimePoint reserve(std::size_t bytes, TimePoint now);

  private:
    std::uint64_t rate_;
    TimePoint free_from_{};  ///< when all that was reserved has gone
};

}  // namespace snapferry
