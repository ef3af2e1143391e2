#include "snapferry/core/wire/claim.h"

#include <openssl/crypto.h>

#include "snapferry/core/manifest/digest.h"
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
    manifest::Sha256 hash;
    hash.update(secret.bytes);
    return {hash.take()};
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
