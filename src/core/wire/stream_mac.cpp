#include "snapferry/core/wire/stream_mac.h"

#include <openssl/evp.h>

#include <array>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::wire {
namespace {

constexpr std::size_t mac_size = 16;  // bytes; of Poly1305

struct Free {
    void operator()(EVP_MAC* algorithm) const { EVP_MAC_free(algorithm); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_MAC_CTX, Free>;

/// Its algorithm is part of the library itself: only a broken installation lacks it.
template <typename Result>
Result require(Result result) {
    if (!result) {
        throw Failure(ExitCode::internal, "libcrypto cannot compute Poly1305",
                      "see whether its package is whole");
    }
    return result;
}

Context keyed(const MacKey& key) {
    const std::unique_ptr<EVP_MAC, Free> algorithm(
        require(EVP_MAC_fetch(nullptr, "POLY1305", nullptr)));
    Context context(require(EVP_MAC_CTX_new(algorithm.get())));
    require(EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.data()),
                         key.size(), nullptr));
    return context;
}

}  // namespace

struct StreamMac::State {
    Context context;
};

StreamMac::StreamMac(const MacKey& key) : state_(std::make_unique<State>(State{keyed(key)})) {}

StreamMac::~StreamMac() = default;
StreamMac::StreamMac(StreamMac&&) noexcept = default;
StreamMac& StreamMac::operator=(StreamMac&&) noexcept = default;

void StreamMac::update(std::span<const std::byte> bytes) {
    require(EVP_MAC_update(state_->context.get(),
                           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string StreamMac::text() const {
    const Context copy(require(EVP_MAC_CTX_dup(state_->context.get())));
    std::array<std::byte, mac_size> mac{};
    std::size_t size = 0;
    require(
        EVP_MAC_final(copy.get(), reinterpret_cast<unsigned char*>(mac.data()), &size, mac.size()));
    return hexadecimal(mac);
}

std::string text_of(const MacKey& key) {
    return hexadecimal(key);
}

std::optional<MacKey> parse_mac_key(std::string_view text) {
    MacKey key{};
    return parse_hexadecimal(text, key) ? std::optional(key) : std::nullopt;
}

bool is_mac(std::string_view text) {
    std::array<std::byte, mac_size> mac{};
    return parse_hexadecimal(text, mac);
}

}  // namespace snapferry::wire
