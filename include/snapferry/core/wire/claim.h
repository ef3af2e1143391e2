#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry::wire {

/// bytes; of a secret, and of the SHA-256 that is made of it
inline constexpr std::size_t claim_size = 32;

/// What a sender draws when it begins a stream, and tells nobody before it goes on with that.
struct Secret {
    std::array<std::byte, claim_size> bytes{};

    friend bool operator==(const Secret&, const Secret&) = default;
};

/// SHA-256 of the secret: by it the receiver knows again who began a stream. It keeps it, and shows
/// it to nobody.
struct Claim {
    std::array<std::byte, claim_size> bytes{};
};

Claim claim_of(const Secret& secret);

/// In a time that tells nothing of where they differ.
bool is_same(const Claim& one, const Claim& other);

/// 64 lower-case hexadecimal digits.
std::string text_of(const Secret& secret);
std::string text_of(const Claim& claim);

/// Nothing where it is not what text_of() makes.
std::optional<Secret> parse_secret(std::string_view text);
std::optional<Claim> parse_claim(std::string_view text);

}  // namespace snapferry::wire
