#include "snapferry/core/resume/claim_rule.h"

#include "catch.h"
#include "failure_of.h"
#include "numbered_uuid.h"

using namespace snapferry;
using snapferry::testing::failure_of;

namespace {

wire::Secret secret(unsigned number) {
    wire::Secret made;
    made.bytes[0] = static_cast<std::byte>(number);
    return made;
}

wire::Claim claim(unsigned number) {
    return wire::claim_of(secret(number));
}

wire::Announce announced() {
    wire::Announce made{SnapshotName::parse("day-1").value(), uuid(1), 7, {}};
    made.resume_offset = 100;
    return made;
}

bool same(const std::optional<wire::Claim>& one, const wire::Claim& other) {
    return one && wire::is_same(*one, other);
}

}  // namespace

TEST_CASE("a claim lives on where its secret is shown, and no longer than that") {
    auto says = announced();
    CHECK_FALSE(claim_that_goes_on(claim(1), says));
    CHECK_FALSE(claim_that_goes_on({}, says));
    says.secret = secret(1);
    CHECK(same(claim_that_goes_on(claim(1), says), claim(1)));
    CHECK(failure_of([&] { claim_that_goes_on(claim(2), says); }).code() == ExitCode::protocol);
    CHECK(failure_of([&] { claim_that_goes_on({}, says); }).code() == ExitCode::protocol);
}

TEST_CASE("who has compared all that is there may claim it anew") {
    auto says = announced();
    says.claim = claim(3);
    CHECK(same(claim_that_goes_on(claim(1), says), claim(3)));
    CHECK(same(claim_that_goes_on({}, says), claim(3)));
}

TEST_CASE("who shows the secret changes no claim") {
    auto says = announced();
    says.secret = secret(1);
    says.claim = claim(3);
    CHECK(same(claim_that_goes_on(claim(1), says), claim(1)));
}

TEST_CASE("a stream goes on as it was begun, or nobody knows how it is made") {
    auto says = announced();
    CHECK_FALSE(writes_that_go_on(131072, says));
    CHECK_FALSE(writes_that_go_on({}, says));
    says.writes = 131072;
    CHECK(writes_that_go_on(131072, says) == 131072);
    CHECK(failure_of([&] { writes_that_go_on(4096, says); }).code() == ExitCode::protocol);
    CHECK(failure_of([&] { writes_that_go_on({}, says); }).code() == ExitCode::protocol);
}
