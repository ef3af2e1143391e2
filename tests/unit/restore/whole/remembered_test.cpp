#include "snapferry/restore/whole/remembered.h"

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;
using namespace snapferry::restore;

namespace {

Offer offer() {
    const RemoteSnapshot backup{*SnapshotName::parse("2021-08-17T07:00:01+00:00-@daily"), uuid(1),
                                uuid(2)};
    return {Tag::parse("home"), backup, {backup}};
}

JobIdentity job(const std::string& directory, const std::string& source_tag,
                const std::string& host, const std::string& dest_tag) {
    return JobIdentity::of(directory, source_tag, host, 2222, dest_tag);
}

}  // namespace

TEST_CASE("what comes back is remembered by the configured jobs that it is of") {
    const auto meant = job("/data/.snapshots/", "daily", "192.0.2.1", "home");
    const auto found = jobs_meant(
        {job("/data/other", "daily", "pi", "home"), job("/data/.snapshots", "hourly", "pi", "home"),
         job("/data/.snapshots", "daily", "pi", "music"), meant},
        "/data/.snapshots", offer(), "pi.lan");
    CHECK(found == std::vector{meant});
}

TEST_CASE("without a configured job it is remembered as if one at that host had sent it") {
    const auto found = jobs_meant({}, "/data/.snapshots", offer(), "pi.lan");
    CHECK(found == std::vector{JobIdentity::of("/data/.snapshots", "daily", "pi.lan", 22, "home")});
}

TEST_CASE("what was derived is a backup of the tag that it was derived from") {
    auto derived = offer();
    derived.derived_from = Tag::parse("all");
    CHECK(jobs_meant({}, "/data/.snapshots", derived, "pi.lan").front().dest_tag == "all");
}
