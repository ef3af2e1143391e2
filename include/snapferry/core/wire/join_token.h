#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry::wire {

/// What a receiver draws for one exchange, and tells the one who announces: who joins that exchange
/// over a further connection shows it.
struct JoinToken {
    static constexpr std::size_t size = 32;  // bytes
    std::array<std::byte, size> bytes{};
};

/// In a time that tells nothing of where they differ.
bool is_same(const JoinToken& one, const JoinToken& other);

/// 64 lower-case hexadecimal digits.
std::string text_of(const JoinToken& token);

/// Nothing where it is not what text_of() makes.
std::optional<JoinToken> parse_join_token(std::string_view text);

}  // namespace snapferry::wire
