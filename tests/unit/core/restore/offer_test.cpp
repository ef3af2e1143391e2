#include "snapferry/core/restore/offer.h"

#include <string>

#include "catch.h"
#include "failure_of.h"
#include "numbered_uuid.h"

using namespace snapferry;
using namespace snapferry::restore;
using snapferry::testing::failure_of;

namespace {

const std::string an_uuid = "01000000-0000-0000-0000-000000000001";

RemoteSnapshot backup(unsigned number) {
    return {*SnapshotName::parse("2021-08-17T07:00:01+00:00-@daily"), uuid(number),
            uuid(number + 100)};
}

Offer usual() {
    Offer offer{Tag::parse("home"), backup(1), {backup(2), backup(1)}};
    offer.has_manifest = true;
    return offer;
}

/// An offer of one backup, with something in place of what is usual.
std::string line_with(const std::string& tag, const std::string& name, const std::string& copy) {
    return R"({"tag":")" + tag + R"(","backup":{"name":")" + name + R"(","uuid":")" + an_uuid +
           R"(","copy":")" + copy + R"("},"all":[],"manifest":false})";
}

}  // namespace

TEST_CASE("an offer is the same after its way on a line") {
    CHECK(parse_offer(line_of(usual())) == usual());
    auto derived = usual();
    derived.derived_from = Tag::parse("hourly");
    derived.all.clear();
    CHECK(parse_offer(line_of(derived)) == derived);
    CHECK(line_of(usual()).find('\n') == std::string::npos);
}

TEST_CASE("an offer that is not sound is refused") {
    REQUIRE_NOTHROW(parse_offer(line_with("home", "a", an_uuid)));
    const std::string deep(100'000, '[');
    for (const auto& line :
         {std::string{}, std::string("{}"), std::string("[]"), deep,
          line_with("../home", "a", an_uuid), line_with("home", "a/b", an_uuid),
          line_with("home", "..", an_uuid), line_with("home", "", an_uuid),
          line_with("home", "a", "no uuid"),
          line_with("home", "a", "00000000-0000-0000-0000-000000000000"),
          line_with("home", R"(a\u0000b)", an_uuid), std::string(longest_offer + 1, ' ')}) {
        CAPTURE(line.substr(0, 200));
        CHECK(failure_of([&] { parse_offer(line); }).code() == ExitCode::protocol);
    }
}

TEST_CASE("more backups than any receiver tells of are refused") {
    auto offer = usual();
    offer.all.assign(2048, backup(3));
    CHECK(parse_offer(line_of(offer)).all.size() == 2048);
    offer.all.push_back(backup(3));
    CHECK(failure_of([&] { parse_offer(line_of(offer)); }).code() == ExitCode::protocol);
}
