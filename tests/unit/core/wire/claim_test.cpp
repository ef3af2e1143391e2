#include "snapferry/core/wire/claim.h"

#include <functional>

#include "catch.h"
#include "snapferry/core/wire/claim_proof.h"

using namespace snapferry;
using namespace snapferry::wire;

namespace {

/// As in docs/protocol.md.
Unfinished unfinished() {
    return {
        SnapshotName::parse("2021-08-18T07:00:01+00:00-@daily").value(),
        Uuid::parse("4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5").value(),
        {},
        stream::Form::v2,
        {{4294967296, "06b05ab6733a618578af5f94892f3950", {}, "06b05ab6733a618578af5f94892f3950"},
         {6442450944, "99aa06d3014798d86001c324468d497f", {}, "99aa06d3014798d86001c324468d497f"}},
        {},
        131072};
}

Secret secret_of_zeros() {
    return {};
}

}  // namespace

TEST_CASE("a claim is the SHA-256 of its secret") {
    CHECK(text_of(claim_of(secret_of_zeros())) ==
          "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    CHECK(is_same(claim_of({}), claim_of({})));
    auto other = secret_of_zeros();
    other.bytes[31] = std::byte{1};
    CHECK_FALSE(is_same(claim_of({}), claim_of(other)));
}

TEST_CASE("a secret and a claim are read as they are written, and nothing else is one") {
    const auto text = text_of(claim_of({}));
    CHECK(text_of(parse_claim(text).value()) == text);
    CHECK(text_of(parse_secret(text).value()) == text);
    for (const auto& none : {std::string(), text + "0", text.substr(1), std::string(64, 'G')}) {
        CHECK_FALSE(parse_claim(none));
        CHECK_FALSE(parse_secret(none));
        CHECK_FALSE(is_claim_proof(none));
    }
}

TEST_CASE("a proof is the HMAC of all that is said of the stream") {
    const auto proof = claim_proof(claim_of({}), unfinished(), 4711);
    CHECK(proof == "e862bd923319ebfcded2b32e51f2060d7e4f9300a6fff24b4ad916699de78b97");
    auto told = unfinished();
    told.claim_proof = proof;
    CHECK(is_proven(claim_of({}), told, 4711));
    CHECK_FALSE(is_proven(claim_of({}), unfinished(), 4711));
    CHECK_FALSE(is_proven(claim_of({}), told, 4712));
    CHECK_FALSE(is_proven({}, told, 4711));
}

TEST_CASE("a proof of another stream, or of another beginning of it, is none") {
    const std::vector<std::function<void(Unfinished&)>> changes{
        [](Unfinished& is) { is.name = SnapshotName::parse("x").value(); },
        [](Unfinished& is) {
            is.uuid = Uuid::parse("0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69").value();
        },
        [](Unfinished& is) { is.parent_uuid = is.uuid; },
        [](Unfinished& is) { is.form = stream::Form::v2_compressed; },
        [](Unfinished& is) { is.writes = 4096; },
        [](Unfinished& is) { is.writes.reset(); },
        [](Unfinished& is) { is.shares[0].end += 1; },
        [](Unfinished& is) { is.shares[1].end += 1; },
        [](Unfinished& is) { is.shares[1].outline = std::string(32, '0'); },
        [](Unfinished& is) { is.shares[0].outline.reset(); },
        [](Unfinished& is) { is.shares.pop_back(); },
        [](Unfinished& is) { is.shares.clear(); },
        [](Unfinished& is) { is.shares.push_back(is.shares.back()); },
        [](Unfinished& is) { is.claim_proof = std::string(64, '0'); },
        [](Unfinished& is) { is.claim_proof = "0"; },
        [](Unfinished& is) { is.claim_proof.reset(); },
    };
    for (std::size_t number = 0; number < changes.size(); ++number) {
        CAPTURE(number);
        auto told = unfinished();
        told.claim_proof = claim_proof(claim_of({}), told, 4711);
        CHECK(is_proven(claim_of({}), told, 4711));
        changes[number](told);
        CHECK_FALSE(is_proven(claim_of({}), told, 4711));
    }
}

TEST_CASE("nothing is proven of an increment, or of what the kernel alone has made") {
    auto told = unfinished();
    told.parent_uuid = told.uuid;
    CHECK_FALSE(claim_proof(claim_of({}), told, 4711));
    told = unfinished();
    told.writes.reset();
    CHECK_FALSE(claim_proof(claim_of({}), told, 4711));
}
