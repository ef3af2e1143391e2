#include "snapferry/core/retention/alarm.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const CountedTime now{days{100}};

/// So many a day, for so long, up to a day ago.
std::vector<Arrival> usual(unsigned a_day, int for_days) {
    std::vector<Arrival> arrivals;
    for (int day = for_days; day >= 1; --day)
        for (unsigned i = 0; i < a_day; ++i)
            arrivals.push_back({now - days{day} - 1h + 1s * i});
    return arrivals;
}

std::vector<Arrival> with(std::vector<Arrival> arrivals, unsigned today) {
    for (unsigned i = 1; i < today; ++i)
        arrivals.push_back({now - 1s * i});
    return arrivals;
}

bool is_unusual(const std::vector<Arrival>& earlier, CountedTime cleared = {}) {
    const Arrival arrived{now};
    return judge_arrival({earlier, arrived, {}, cleared}, {}).has_value();
}

std::optional<std::string> judge(const stream::ChangeCount& changes,
                                 std::optional<std::uint64_t> before) {
    Arrival arrived{now};
    arrived.changes = changes;
    return judge_arrival({{}, arrived, before}, {});
}

std::optional<std::string> judge_full(std::uint64_t files, std::optional<std::uint64_t> before) {
    Arrival arrived{now};
    arrived.full = true;
    arrived.files = files;
    arrived.changes = stream::ChangeCount{files, 0, 0, 0, static_cast<std::int64_t>(files)};
    return judge_arrival({{}, arrived, before}, {});
}

}  // namespace

TEST_CASE("far more arrivals in a day than usual are a flood") {
    CHECK_FALSE(is_unusual(with(usual(1, 20), 12)));
    CHECK(is_unusual(with(usual(1, 20), 13)));
    CHECK_FALSE(is_unusual(with(usual(24, 20), 4 * 24)));
    CHECK(is_unusual(with(usual(24, 20), 4 * 24 + 1)));
}

TEST_CASE("while nothing is known of what is usual, an arrival an hour is no flood") {
    CHECK_FALSE(is_unusual({}));
    CHECK_FALSE(is_unusual(with({}, 30)));
    CHECK(is_unusual(with({}, 31)));
    CHECK_FALSE(is_unusual(with(usual(1, 2), 30)));
}

TEST_CASE("what failed to come for days is no flood when it comes at once, and no more than that") {
    const auto late = [](std::vector<Arrival> arrivals, days by) {
        for (auto& arrival : arrivals)
            arrival.counted -= by;
        return arrivals;
    };
    CHECK_FALSE(is_unusual(with(late(usual(1, 15), days{14}), 12 + 12)));
    CHECK(is_unusual(with(late(usual(1, 15), days{14}), 12 + 14)));
    CHECK_FALSE(is_unusual(with(late(usual(24, 10), days{10}), 10 * 24)));
    CHECK(is_unusual(with(late(usual(24, 10), days{10}), 14 * 24)));
    INFO("a rate that was seen for less than days says nothing");
    CHECK(is_unusual(with(late(usual(24, 2), days{10}), 31)));
}

TEST_CASE("what has come since is made up for, over days too") {
    auto arrivals = usual(24, 20);
    std::erase_if(arrivals, [](const Arrival& one) { return one.counted > now - days{11}; });
    for (int i = 0; i < 100; ++i)
        arrivals.push_back({now - days{1} - 1h + 1s * i});
    CHECK_FALSE(is_unusual(with(arrivals, 150)));
    for (int i = 0; i < 200; ++i)
        arrivals.push_back({now - days{1} - 10min + 1s * i});
    CHECK(is_unusual(with(arrivals, 150)));
}

TEST_CASE("a weekly backup is never missed in the days between") {
    std::vector<Arrival> arrivals;
    for (int week = 4; week >= 1; --week)
        arrivals.push_back({now - days{7 * week}});
    CHECK_FALSE(is_unusual(with(arrivals, 12)));
    CHECK(is_unusual(with(arrivals, 13)));
}

TEST_CASE("what a person has judged is no flood again") {
    CHECK_FALSE(is_unusual(with(usual(1, 20), 400), now - 5s));
    CHECK(is_unusual(with(usual(1, 20), 400), now - 100s));
}

TEST_CASE("a large share of the files that were there rewritten, renamed or deleted is unusual") {
    CHECK(judge({0, 0, 0, 40, 0}, 100) ==
          "of about 100 files that were there, 40 were rewritten, 0 renamed and 0 deleted");
    CHECK(judge({0, 10, 10, 10, -10}, 100));
    CHECK(judge({30, 30, 0, 0, 0}, 100));
    CHECK_FALSE(judge({0, 0, 0, 29, 0}, 100));
    CHECK_FALSE(judge({0, 9, 0, 0, -9}, 9));
}

TEST_CASE("what is only added is never unusual, nor what nobody can judge") {
    CHECK_FALSE(judge({100'000, 0, 0, 0, 100'000}, 100));
    CHECK_FALSE(judge({0, 0, 0, 4000, 0}, {}));
    CHECK_FALSE(judge_full(5, {}));
}

TEST_CASE("a full send with a small share of the files that were there is unusual") {
    CHECK(judge_full(29, 100) == "a full send has 29 files, where there were 100");
    CHECK_FALSE(judge_full(30, 100));
    CHECK_FALSE(judge_full(1000, 100));
    CHECK_FALSE(judge_full(0, 9));
}
