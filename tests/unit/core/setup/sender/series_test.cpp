#include "snapferry/core/setup/sender/series.h"

#include <string>
#include <vector>

#include "catch.h"
#include "snapferry/core/setup/sender/sender_names.h"

namespace snapferry::setup {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds at(int moment) {
    return sys_seconds(seconds(moment));
}

TEST_CASE("snapshots of one directory and tag are a series, the longest first") {
    const std::vector<SeenSnapshot> seen{
        {"/data/snaps", "1-@daily", at(1)},    {"/data/snaps", "3-@daily", at(3)},
        {"/data/snaps", "2-@daily", at(2)},    {"/data/snaps", "1-@hourly", at(9)},
        {"/other", "1-@daily", at(4)},         {"/data/snaps", "without", at(5)},
        {"/data/snaps", "ends with@", at(6)},  {"/data/snaps/.snapferry/x", "1-@daily", at(7)},
        {"/data/snaps", "a\nb-@daily", at(8)},
    };
    const auto series = series_of(seen);
    REQUIRE(series.size() == 3);
    CHECK(series[0] == Series{"/data/snaps", "daily", 3, "3-@daily", at(3)});
    CHECK(series_text(series[0]) == "/data/snaps, @daily: 3 snapshots, the newest is 3-@daily");
    CHECK(series_text(series[1]) == "/data/snaps, @hourly: 1 snapshot, the newest is 1-@hourly");
    CHECK(series_of({}).empty());
}

TEST_CASE("a tag is what the snapshots lie in, or else their own") {
    CHECK(tag_for("/data/home/.snapshots", "daily") == "home");
    CHECK(tag_for("/data/.snapshots", "daily") == "data");
    CHECK(tag_for("/.snapshots", "daily") == "daily");
    CHECK(tag_for("/data/my photos", "daily") == "data");
    CHECK(tag_for("/", "every day").empty());
}

TEST_CASE("a receiver and a job are called by what is free") {
    CHECK(receiver_name_for("pi.lan", {}) == "pi");
    CHECK(receiver_name_for("pi.lan", {"pi"}) == "pi-2");
    CHECK(receiver_name_for("attic", {"pi", "attic", "attic-2"}) == "attic-3");
    CHECK(receiver_name_for("192.0.2.1", {}) == "pi");
    CHECK(receiver_name_for("fd00::5", {}) == "pi");
    CHECK(job_name_for("home", "pi", {}) == "home");
    CHECK(job_name_for("home", "pi", {"home"}) == "home-pi");
    CHECK(job_name_for("home", "pi", {"home", "home-pi"}) == "home-pi-2");
}

}  // namespace
}  // namespace snapferry::setup
