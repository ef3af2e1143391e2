#include "snapferry/core/space/reserve.h"

#include <charconv>

#include "snapferry/core/text/byte_text.h"

namespace snapferry {
namespace {

constexpr unsigned most_percent = 50;

}  // namespace

std::optional<Reserve> Reserve::parse(std::string_view text) {
    if (text.ends_with('%')) {
        text.remove_suffix(1);
        unsigned share = 0;
        const auto* const end = text.data() + text.size();
        const auto [parsed, error] = std::from_chars(text.data(), end, share);
        const bool is_share = error == std::errc{} && parsed == end && share <= most_percent;
        return is_share ? std::optional(percent(share)) : std::nullopt;
    }
    const auto bytes = parse_bytes(text);
    return bytes ? std::optional(of_bytes(*bytes)) : std::nullopt;
}

std::uint64_t Reserve::bytes_of(std::uint64_t disk) const {
    return percent_ == 0 ? bytes_ : disk / 100 * percent_;
}

}  // namespace snapferry
