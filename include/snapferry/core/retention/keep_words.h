#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "snapferry/core/retention/retention.h"

namespace snapferry {

/// The most that one word may ask for.
inline constexpr std::size_t most_kept = 1000;

/// What `keep` in receive.toml says: the newest, and of each kind of period how many.
struct KeepWords {
    std::size_t newest = 0;
    ByPeriod<std::size_t> periods{};

    friend bool operator==(const KeepWords&, const KeepWords&) = default;
};

/// From "7 14d 8w 12m 3y" (h, d, w, m, y; each once, in any order; the number alone is of the
/// newest). For anything else, what is wrong and what would be right.
std::variant<KeepWords, std::string> parse_keep(std::string_view text);

/// The words of a policy: "7 14d 8w".
std::string keep_text(const RetentionPolicy& policy);

}  // namespace snapferry
