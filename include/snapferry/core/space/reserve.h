#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace snapferry {

/// Free space that is not to be filled: a share of the disk, or so many bytes.
class Reserve {
  public:
    static constexpr Reserve percent(unsigned percent) { return {percent, 0}; }
    static constexpr Reserve of_bytes(std::uint64_t bytes) { return {0, bytes}; }

    /// "2%" (of 0 to 50) or a size as parse_bytes takes it; nothing for any other text.
    static std::optional<Reserve> parse(std::string_view text);

    /// Bytes, on a disk of so many.
    [[nodiscard]] std::uint64_t bytes_of(std::uint64_t disk) const;

  private:
    constexpr Reserve(unsigned percent, std::uint64_t bytes) : percent_(percent), bytes_(bytes) {}

    unsigned percent_;
    std::uint64_t bytes_;
};

}  // namespace snapferry
