#include "snapferry/core/wire/join_token.h"

#include <openssl/crypto.h>

#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::wire {

bool is_same(const JoinToken& one, const JoinToken& other) {
    return CRYPTO_memcmp(one.bytes.data(), other.bytes.data(), one.bytes.size()) == 0;
}

std::string text_of(const JoinToken& token) {
    return hexadecimal(token.bytes);
}

std::optional<JoinToken> parse_join_token(std::string_view text) {
    JoinToken token;
    return parse_hexadecimal(text, token.bytes) ? std::optional(token) : std::nullopt;
}

}  // namespace snapferry::wire
