#include "snapferry/core/wire/claim_proof.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "snapferry/core/failure.h"
#include "snapferry/core/stream/form.h"
#include "snapferry/core/text/hexadecimal.h"

namespace snapferry::wire {
namespace {

bool has_outline(const Unfinished& unfinished) {
    return unfinished.writes && !unfinished.parent_uuid && !unfinished.shares.empty() &&
           std::ranges::all_of(unfinished.shares,
                               [](const StreamShare& share) { return share.outline.has_value(); });
}

/// One line for each thing: a name has no line feed, and the rest no space.
std::string all_of_it(const Unfinished& unfinished, std::uint64_t transid) {
    auto text = fmt::format(
        "snapferry unfinished\nname {}\nuuid {}\ntransid {}\nstream {}\n"
        "writes {}\n",
        unfinished.name.text(), unfinished.uuid.text(), transid, stream::text_of(unfinished.form),
        unfinished.writes.value());
    for (const auto& share : unfinished.shares) {
        fmt::format_to(std::back_inserter(text), "share {} {}\n", share.end, share.outline.value());
    }
    return text;
}

}  // namespace

std::optional<std::string> claim_proof(const Claim& claim, const Unfinished& unfinished,
                                       std::uint64_t transid) {
    if (!has_outline(unfinished)) {
        return std::nullopt;
    }
    const auto text = all_of_it(unfinished, transid);
    std::array<std::byte, claim_size> proof{};
    if (HMAC(EVP_sha256(), claim.bytes.data(), static_cast<int>(claim.bytes.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(),
             reinterpret_cast<unsigned char*>(proof.data()), nullptr) == nullptr) {
        throw Failure(ExitCode::internal, "libcrypto cannot compute HMAC-SHA256",
                      "see whether its package is whole");
    }
    return hexadecimal(proof);
}

bool is_proven(const Claim& claim, const Unfinished& unfinished, std::uint64_t transid) {
    const auto expected = claim_proof(claim, unfinished, transid);
    const auto& said = unfinished.claim_proof;
    return expected && said && said->size() == expected->size() &&
           CRYPTO_memcmp(said->data(), expected->data(), expected->size()) == 0;
}

bool is_claim_proof(std::string_view text) {
    std::array<std::byte, claim_size> proof{};
    return parse_hexadecimal(text, proof);
}

}  // namespace snapferry::wire
