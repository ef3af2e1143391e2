#include "snapferry/core/wire/claim.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::wire {
namespace {

template <typename Value>
std::optional<Value> parse(std::string_view text) {
    Value value;
    return parse_hexadecimal(text, value.bytes) ? std::optional(value) : std::nullopt;
}

}  // namespace

Claim claim_of(const Secret& secret) {
    Claim claim;
    if (EVP_Digest(secret.bytes.data(), secret.bytes.size(),
                   reinterpret_cast<unsigned char*>(claim.bytes.data()), nullptr, EVP_sha256(),
                   nullptr) != 1) {
        throw Failure(ExitCode::internal, "libcrypto cannot compute SHA-256",
                      "see whether its package is whole");
    }
    return claim;
}

bool is_same(const Claim& one, const Claim& other) {
    return CRYPTO_memcmp(one.bytes.data(), other.bytes.data(), one.bytes.size()) == 0;
}

std::string text_of(const Secret& secret) {
    return hexadecimal(secret.bytes);
}

std::string text_of(const Claim& claim) {
    return hexadecimal(claim.bytes);
}

std::optional<Secret> parse_secret(std::string_view text) {
    return parse<Secret>(text);
}

std::optional<Claim> parse_claim(std::string_view text) {
    return parse<Claim>(text);
}

}  // namespace snapferry::wire
