#include "snapferry/core/resume/pass_over.h"

#include <functional>
#include <string>
#include <vector>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/core/wire/claim_proof.h"

using namespace snapferry;

namespace {

constexpr std::uint64_t transid = 7;

wire::Secret secret(unsigned number) {
    wire::Secret made;
    made.bytes[0] = static_cast<std::byte>(number);
    return made;
}

/// As it is where this side has begun a stream and it broke, and nothing has happened since.
struct Facts {
    wire::Unfinished unfinished{SnapshotName::parse("day-1").value(),
                                uuid(1),
                                {},
                                stream::Form::v2,
                                {{100, "x", {}, "06b05ab6733a618578af5f94892f3950"}},
                                {},
                                131072};
    std::optional<wire::Secret> remembered = secret(1);
    wire::Claim held = wire::claim_of(secret(1));  ///< by the receiver
    bool receiver_proves = true;

    [[nodiscard]] PassOver way() const {
        auto told = unfinished;
        if (receiver_proves) {
            told.claim_proof = wire::claim_proof(held, told, transid);
        }
        return how_to_pass_over(told, transid, remembered);
    }
};

struct Case {
    std::string what;
    std::function<void(Facts&)> change;
    std::string why;  ///< it is read again; empty: it is not
};

const std::vector<Case> cases{
    {"as it is", [](Facts&) {}, ""},
    {"nothing is remembered", [](Facts& is) { is.remembered.reset(); },
     "nothing here remembers beginning it for this disk"},
    {"another stream is remembered", [](Facts& is) { is.remembered = secret(2); },
     "the receiver does not prove that it is what was begun here"},
    {"somebody else began it", [](Facts& is) { is.held = wire::claim_of(secret(3)); },
     "the receiver does not prove that it is what was begun here"},
    {"nobody claims it", [](Facts& is) { is.receiver_proves = false; },
     "somebody has gone on with it who did not show that he had begun it"},
    {"an increment", [](Facts& is) { is.unfinished.parent_uuid = uuid(2); }, "it is an increment"},
    {"the kernel made it", [](Facts& is) { is.unfinished.writes.reset(); },
     "it was begun in the way of an older version, or of this kernel alone"},
    {"a share has no outline",
     [](Facts& is) {
         is.unfinished.shares.push_back({200, "x"});
     },
     "somebody has gone on with it who did not show that he had begun it"},
};

}  // namespace

TEST_CASE("what the receiver has is read again unless it proves that this side began it") {
    for (const auto& one : cases) {
        CAPTURE(one.what);
        Facts facts;
        one.change(facts);
        const auto way = facts.way();
        if (one.why.empty()) {
            REQUIRE(std::holds_alternative<Unread>(way));
            CHECK(std::get<Unread>(way).secret == secret(1));
        } else {
            REQUIRE(std::holds_alternative<ReadAgain>(way));
            CHECK(std::get<ReadAgain>(way).why == one.why);
        }
    }
}
