#include "snapferry/core/plan/newest.h"

#include <algorithm>
#include <string>
#include <vector>

#include "catch.h"
#include "numbered_uuid.h"
#include "snapferry/core/time/name_time.h"

using namespace snapferry;
using std::chrono::hours;
using std::chrono::sys_seconds;

namespace {

const sys_seconds now = time_in_name("2021-08-20T12:00:00+00:00").value();

/// Central European Time: an hour ahead, two from 2021-03-28T01:00Z to 2021-10-31T01:00Z.
std::chrono::seconds in_europe(sys_seconds at) {
    const auto begin = time_in_name("2021-03-28T01:00:00+00:00").value();
    const auto end = time_in_name("2021-10-31T01:00:00+00:00").value();
    return at >= begin && at < end ? hours(2) : hours(1);
}

LocalSnapshot named(const std::string& name, std::uint64_t number = 0) {
    LocalSnapshot snapshot{SnapshotName::parse(name).value(), uuid(1), uuid(1), uuid(2)};
    snapshot.number = number;
    snapshot.named = time_in_name(name, in_europe, now);
    return snapshot;
}

UnfitSnapshot unfit(const std::string& name, std::uint64_t number) {
    return {name, "it is writable", time_in_name(name, in_europe, now), number};
}

std::string text_of(const NewestChoice& choice) {
    return choice.newest ? choice.newest->name.text() : "none";
}

/// Made in the order given.
std::string newest_of(const std::vector<std::string>& names, const std::string& tag = "x") {
    std::vector<LocalSnapshot> local;
    local.reserve(names.size());
    for (const auto& name : names) {
        local.push_back(named(name, local.size() + 1));
    }
    return text_of(choose_newest(local, {}, tag, now));
}

std::vector<std::string> passed_over(const std::vector<LocalSnapshot>& local,
                                     const std::vector<UnfitSnapshot>& others = {}) {
    std::vector<std::string> names;
    for (const auto& one : choose_newest(local, others, "x", now).passed_over) {
        names.push_back((one.is_newest ? "! " : "") + one.name);
    }
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the newest is the last by the time in its name, else by the bytes of the names") {
    CHECK(newest_of({"2021-08-17T07:00:01+00:00-@x", "2021-08-17T08:30:00+02:00-@x"}) ==
          "2021-08-17T07:00:01+00:00-@x");
    CHECK(newest_of({"2021-08-17T07:00:01-05:00-@x", "2021-08-17T09:00:00+00:00-@x"}) ==
          "2021-08-17T07:00:01-05:00-@x");
    CHECK(newest_of({"2021-08-18--07-00-01-@x", "2021-08-17--07-00-01-@x"}) ==
          "2021-08-18--07-00-01-@x");
    CHECK(newest_of({"2021-08-17T06:00:00+00:00-@x", "2021-08-17--07-00-00-@x"}) ==
          "2021-08-17T06:00:00+00:00-@x");  // the other one is of five o'clock
    CHECK(newest_of({"2021-08-17-@x", "2021-08-18-@x", "2021-08-09-@x"}) == "2021-08-18-@x");
    CHECK(newest_of({"Z@x", "a@x", "\xc3\xa4@x"}) == "\xc3\xa4@x");
    CHECK(newest_of({}) == "none");
    CHECK(newest_of({"2021-08-17-@xx", "2021-08-17-@y", "x"}) == "none");
}

TEST_CASE("the night in which an hour comes twice is in order") {
    CHECK(newest_of({"2020-10-25T02:45:00+02:00-@x", "2020-10-25T02:15:00+01:00-@x"}) ==
          "2020-10-25T02:15:00+01:00-@x");
    const auto summer = time_in_name("2021-10-31T00:40:00+00:00").value();
    CHECK(time_in_name("2021-10-31--02-45-00-@x", in_europe, summer) ==
          time_in_name("2021-10-31T02:45:00+02:00"));
    CHECK(time_in_name("2021-10-31--02-45-00-@x", in_europe, summer + hours(1)) ==
          time_in_name("2021-10-31T02:45:00+01:00"));
    CHECK(time_in_name("2021-03-28--03-00-00", in_europe, summer) ==
          time_in_name("2021-03-28T01:00:00+00:00"));
    CHECK(time_in_name("2021-03-28--01-59-59", in_europe, summer) ==
          time_in_name("2021-03-28T00:59:59+00:00"));
    CHECK(time_in_name("2021-03-28--02-30-00", in_europe, summer));  // that there never was
}

TEST_CASE("a name without a time hides none that has one, however it sorts") {
    for (const std::string odd : {"before-upgrade-@x", "zzz-@x", "0-@x", "\xc3\xa4-@x"}) {
        CHECK(newest_of({"2021-08-17T07:00:01+00:00-@x", odd}) == "2021-08-17T07:00:01+00:00-@x");
        CHECK(passed_over({named(odd, 1), named("2021-08-17T07:00:01+00:00-@x", 2)}).empty());
        CHECK(passed_over({named(odd, 3), named("2021-08-17T07:00:01+00:00-@x", 2)}) ==
              Names{"! " + odd});
    }
}

TEST_CASE("a date that is yet to come is passed over, unless all are") {
    const std::string good = "2021-08-20T07:00:00+00:00-@x";
    const std::string years_ahead = "2031-01-01T00:00:00+00:00-@x";
    CHECK(newest_of({good, years_ahead}) == good);
    CHECK(passed_over({named(good, 1), named(years_ahead, 2)}) == Names{"! " + years_ahead});
    CHECK(passed_over({named(good, 2), named(years_ahead, 1)}) == Names{years_ahead});
    CHECK(newest_of({good, "2021-08-21T11:59:00+00:00-@x"}) == "2021-08-21T11:59:00+00:00-@x");
    CHECK(newest_of({good, "2021-08-21T12:01:00+00:00-@x"}) == good);
    CHECK(newest_of({years_ahead, "2032-01-01T00:00:00+00:00-@x"}) ==
          "2032-01-01T00:00:00+00:00-@x");
    CHECK(newest_of({"odd-@x", years_ahead}) == "odd-@x");
}

TEST_CASE(
    "what cannot be sent is passed over aloud where it is newer, and fails where it is newest") {
    const auto good = named("2021-08-17T07:00:01+00:00-@x", 10);
    CHECK(passed_over({good}, {unfit("2021-08-18T07:00:01+00:00-@x", 11)}) ==
          Names{"! 2021-08-18T07:00:01+00:00-@x"});
    CHECK(passed_over({good}, {unfit("\xff\xff-@x", 11)}) == Names{"! \xff\xff-@x"});
    CHECK(passed_over({good}, {unfit("2021-08-18T07:00:01+00:00-@x", 9)}) ==
          Names{"2021-08-18T07:00:01+00:00-@x"});
    CHECK(passed_over({good}, {unfit("2021-08-16T07:00:01+00:00-@x", 9)}).empty());
    CHECK(passed_over({good}, {unfit("2021-08-18T07:00:01+00:00-@y", 11)}).empty());
    CHECK(passed_over({good}, {unfit("a-@x", 11), unfit("b-@x", 12)}) == Names{"! b-@x", "a-@x"});
    CHECK(passed_over({}, {unfit("a-@x", 11)}) == Names{"! a-@x"});
}

TEST_CASE("what was made later under an older name is said, and is no failure") {
    CHECK(passed_over({named("2021-08-17T07:00:01+00:00-@x", 1),
                       named("2021-08-16T07:00:01+00:00-@x", 2)}) ==
          Names{"2021-08-16T07:00:01+00:00-@x"});
}

TEST_CASE("a pin is never the newest snapshot: rotation may have meant it to go") {
    auto pin = named("2021-08-18-@x");
    pin.pinned = true;
    CHECK(text_of(choose_newest(std::vector{named("2021-08-17-@x"), pin}, {}, "x", now)) ==
          "2021-08-17-@x");
    CHECK(text_of(choose_newest(std::vector{pin}, {}, "x", now)) == "none");
}

TEST_CASE("the order of snapshots is a total one") {
    const Names names{"a-@x",
                      "2021-08-17T07:00:01+00:00-@x",
                      "2021-08-17T09:00:01+02:00-@x",
                      "2021-08-17--09-00-01-@x",
                      "2021-08-17",
                      "2031-08-17T07:00:01+00:00-@x",
                      "z-@x",
                      "2021-13-45T07:00:01+00:00-@x"};
    std::vector<LocalSnapshot> sorted;
    std::transform(names.begin(), names.end(), std::back_inserter(sorted),
                   [](const std::string& name) { return named(name); });
    std::sort(sorted.begin(), sorted.end(), comes_before);
    for (std::size_t one = 0; one < sorted.size(); ++one) {
        for (std::size_t other = 0; other < sorted.size(); ++other) {
            CHECK(comes_before(sorted[one], sorted[other]) == (one < other));
        }
    }
}
