#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace snapferry::wire {

/// bytes; of Poly1305
inline constexpr std::size_t mac_key_size = 32;

/// For one message only, and a secret until that message is complete: who knows it can make another
/// message with the same MAC.
using MacKey = std::array<std::byte, mac_key_size>;

/// What nobody could have foreseen of a stream's bytes: Poly1305 (RFC 8439), as 32 hexadecimal
/// digits. Two different streams have the same one with a chance of 2^-60 at most, whoever made
/// them, where the key was drawn by chance and told to nobody before the bytes had come.
class StreamMac {
  public:
    explicit StreamMac(const MacKey& key);
    ~StreamMac();
    StreamMac(StreamMac&&) noexcept;
    StreamMac& operator=(StreamMac&&) noexcept;
    StreamMac(const StreamMac&) = delete;
    StreamMac& operator=(const StreamMac&) = delete;

    void update(std::span<const std::byte> bytes);

    /// The MAC of everything so far; more may follow.
    [[nodiscard]] std::string text() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// 64 lower-case hexadecimal digits.
std::string text_of(const MacKey& key);

/// Nothing where it is not what text_of() makes.
std::optional<MacKey> parse_mac_key(std::string_view text);

/// True where the text could be a StreamMac's.
bool is_mac(std::string_view text);

}  // namespace snapferry::wire
