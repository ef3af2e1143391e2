#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace snapferry {

/// A btrfs UUID: 16 bytes in the order they have on disk and in a send stream.
class Uuid {
  public:
    static constexpr std::size_t size = 16;  // bytes; BTRFS_UUID_SIZE

    constexpr Uuid() = default;
    explicit Uuid(std::span<const std::byte, size> bytes);

    /// From "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" in either case; nothing if it is anything else.
    static std::optional<Uuid> parse(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::span<const std::byte, size> bytes() const { return bytes_; }
    [[nodiscard]] bool is_null() const { return *this == Uuid{}; }

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

  private:
    std::array<std::byte, size> bytes_{};
};

}  // namespace snapferry
