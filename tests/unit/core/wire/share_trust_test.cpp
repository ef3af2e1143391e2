#include "snapferry/core/wire/share_trust.h"

#include "catch.h"

using namespace snapferry;
using namespace snapferry::wire;

namespace {

const StreamShare with_mac{100, "06b05ab6733a618578af5f94892f3950",
                           KeyedMac{{}, "a8061dc1305136c6c22b8baf0c0127a9"}};
const StreamShare without_mac{200, "06b05ab6733a618578af5f94892f3950"};

ShareTrust trust(std::vector<StreamShare> shares, bool makes_macs) {
    Welcome welcome;
    welcome.makes_macs = makes_macs;
    welcome.unfinished = Unfinished{SnapshotName::parse("a").value(),
                                    Uuid::parse("4b0f3c1e-9d2a-4e57-8c31-6a2f90d1b7e5").value(),
                                    {},
                                    stream::Form::v1,
                                    std::move(shares)};
    return trust_in_shares(welcome);
}

}  // namespace

TEST_CASE("shares that all have a MAC are gone on with by their MACs") {
    CHECK(trust({with_mac}, true) == ShareTrust::macs);
    CHECK(trust({with_mac, with_mac}, true) == ShareTrust::macs);
    CHECK(trust({with_mac}, false) == ShareTrust::macs);
}

TEST_CASE("an older receiver's shares are gone on with by their digests") {
    CHECK(trust({without_mac}, false) == ShareTrust::digests);
}

TEST_CASE("a share without a MAC where there ought to be one is not gone on with") {
    CHECK(trust({without_mac}, true) == ShareTrust::nothing);
    CHECK(trust({with_mac, without_mac}, true) == ShareTrust::nothing);
    CHECK(trust({without_mac, with_mac}, true) == ShareTrust::nothing);
    CHECK(trust({with_mac, without_mac}, false) == ShareTrust::nothing);
}
