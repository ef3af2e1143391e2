#include "snapferry/core/names/job_identity.h"

#include <set>

#include "catch.h"

using namespace snapferry;

namespace {

JobIdentity usual() {
    return JobIdentity::of("/data/snapshots", "daily", "pi.lan", 22, "home");
}

}  // namespace

TEST_CASE("one job written in several ways is one job") {
    for (const auto* const directory : {"/data/snapshots", "/data/snapshots/", "/data//snapshots",
                                        "/data/./snapshots//", "/data/music/../snapshots"}) {
        for (const auto* const host : {"pi.lan", "Pi.LAN", "pi.lan."}) {
            const auto other = JobIdentity::of(directory, "daily", host, 22, "home");
            CAPTURE(directory, host);
            CHECK(other == usual());
            CHECK(other.file_name() == usual().file_name());
        }
    }
    CHECK(JobIdentity::of("/", "daily", ".", 22, "home").snapshot_dir == "/");
}

TEST_CASE("each part makes another job, under another file name") {
    const std::set<JobIdentity> jobs{
        usual(),
        JobIdentity::of("/data/other", "daily", "pi.lan", 22, "home"),
        JobIdentity::of("/data/snapshots", "hourly", "pi.lan", 22, "home"),
        JobIdentity::of("/data/snapshots", "daily", "pi2.lan", 22, "home"),
        JobIdentity::of("/data/snapshots", "daily", "pi.lan", 2222, "home"),
        JobIdentity::of("/data/snapshots", "daily", "pi.lan", 22, "music"),
        JobIdentity::of("/data/snapshots\ndaily", "", "pi.lan", 22, "home"),
    };
    CHECK(jobs.size() == 7);
    std::set<std::string> names;
    for (const auto& job : jobs) {
        names.insert(job.file_name());
    }
    CHECK(names.size() == jobs.size());
}

TEST_CASE("a file name begins with the tag, and is that of no tag") {
    const auto name = usual().file_name();
    CHECK(name.starts_with("home."));
    CHECK(name.size() == std::string("home.").size() + 32);
    CHECK(name.find('/') == std::string::npos);
}

TEST_CASE("a receiver on the same machine has its configuration for a host, letter by letter") {
    const auto local =
        JobIdentity::of("/data/snapshots", "daily", "local:/etc/Usb.toml", 0, "home");
    CHECK(local.address() == "local:/etc/Usb.toml");
    CHECK(local.host != JobIdentity::of("/data", "daily", "local:/etc/usb.toml", 0, "home").host);
    CHECK_FALSE(local.shares_tag_with(usual()));
}

TEST_CASE("two jobs share a tag where host, port and tag are the same") {
    CHECK(usual().shares_tag_with(JobIdentity::of("/other", "hourly", "PI.lan", 22, "home")));
    CHECK_FALSE(
        usual().shares_tag_with(JobIdentity::of("/data/snapshots", "daily", "pi.lan", 23, "home")));
    CHECK_FALSE(usual().shares_tag_with(
        JobIdentity::of("/data/snapshots", "daily", "pi2.lan", 22, "home")));
}
