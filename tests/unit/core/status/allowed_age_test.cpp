#include "snapferry/core/status/allowed_age.h"

#include "catch.h"

using namespace snapferry;
using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr auto day = 24h;
constexpr auto week = 7 * day;
const sys_seconds begin{seconds{1'764'000'000}};

/// One after the other, each so long after the one before.
std::vector<sys_seconds> times_after(const std::vector<seconds>& gaps) {
    std::vector<sys_seconds> times{begin};
    for (const auto gap : gaps)
        times.push_back(times.back() + gap);
    return times;
}

std::vector<seconds> repeated(std::size_t count, seconds gap) {
    return std::vector<seconds>(count, gap);
}

std::vector<seconds> joined(std::vector<seconds> one, const std::vector<seconds>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

std::optional<seconds> usual_interval(const std::vector<sys_seconds>& times) {
    AgeEvidence evidence;
    evidence.arrived = times;
    return allowed_age(evidence).interval;
}

AllowedAge learnt_from(const std::vector<seconds>& gaps) {
    AgeEvidence evidence;
    evidence.arrived = times_after(gaps);
    return allowed_age(evidence);
}

}  // namespace

TEST_CASE("how often a backup is made is learnt, whatever happens now and then") {
    struct Row {
        std::vector<seconds> gaps;
        std::optional<seconds> wanted;
    };
    for (const auto& row : {
             Row{repeated(20, day), day},
             Row{repeated(20, day - 3s), day},  // nobody makes them to the second
             Row{{week}, week},                 // two are enough where they are far apart
             Row{repeated(5, week), week},
             Row{repeated(400, 1h), 1h},
             Row{repeated(400, 15min), 15min},
             Row{joined(repeated(5, 2min), repeated(3, day)), day},  // trials of the first day
             Row{joined(repeated(8, 1h), {week}), week},
             Row{joined(repeated(30, 2min), {week}), week},
             Row{joined(joined(repeated(9, day), {10 * day}), repeated(3, day)), day},  // a holiday
             Row{joined(joined(repeated(9, day), {30 * day}), repeated(3, day)), day},
             Row{joined(repeated(14, day), {6 * day, 9 * day}), day},
             Row{{week, 3 * week, week, week}, week},
             Row{joined({1800 * day}, repeated(7, week)), week},
             Row{joined(repeated(72, 1h), {week}), week},         // trials for three days
             Row{joined({20'000 * day}, repeated(3, day)), day},  // the first was made in 1970
             Row{joined(repeated(3, day), {365 * day}), day},     // the clock was a year ahead
             Row{joined(joined(repeated(600, 1h), {30 * day}), repeated(48, 1h)), 1h},
             Row{joined(joined(repeated(600, 1h), {150 * day}), repeated(20, 1h)), 1h},
             Row{joined(joined(repeated(600, 1h), {30 * day}), {1h}), 1h},
             Row{{250 * day, day}, std::nullopt},  // nothing of the kind was seen before
             Row{{190 * day, day}, std::nullopt},
             Row{{day, day, 100 * day, day, day}, day},
             Row{{100 * day, day, 100 * day, day}, std::nullopt},
             Row{joined(joined(repeated(4, day), {100 * day}),
                        joined(repeated(4, day), {100 * day})),
                 std::nullopt},
             Row{repeated(2, 30 * day),
                 std::nullopt},  // a month is one when it was seen three times
             Row{repeated(3, 30 * day), 30 * day},
             Row{{20'000 * day, day}, std::nullopt},
             Row{repeated(2, day), std::nullopt},  // too few
             Row{repeated(50, 30min), std::nullopt},
             Row{{}, std::nullopt},
         }) {
        CAPTURE(row.gaps, row.wanted.value_or(0s));
        CHECK(usual_interval(times_after(row.gaps)).value_or(0s) == row.wanted.value_or(0s));
    }
    CHECK_FALSE(usual_interval({}));
}

TEST_CASE("a machine that is off every night is not late every morning") {
    std::vector<seconds> gaps;
    for (int days = 0; days < 9; ++days) {
        gaps = joined(std::move(gaps), repeated(12, 1h));
        gaps.push_back(12h);
    }
    CHECK(usual_interval(times_after(gaps)) == 12h);
}

TEST_CASE("the order in which times are given, and one that is given twice, count for nothing") {
    auto times = times_after(repeated(6, day));
    std::swap(times[0], times[4]);
    times.push_back(times[2]);
    CHECK(usual_interval(times) == day);
}

TEST_CASE("a week is not late on its sixth day, and nothing is on time after twice its interval") {
    for (const seconds interval :
         std::vector<seconds>{5min, 15min, 1h, 6h, 12h, day, 2 * day, week, 30 * day}) {
        const auto allowed =
            learnt_from(repeated(static_cast<std::size_t>(10 * day / interval) + 16, interval));
        CHECK(allowed.source == AllowedAge::Source::learnt);
        CHECK(allowed.interval == interval);
        CHECK(allowed.stale_after > interval + interval / 5);
        CHECK(allowed.stale_after < 2 * interval);
        CHECK(allowed.doubtful_after == allowed.stale_after);
    }
    CHECK(learnt_from(repeated(5, week)).stale_after == 9 * day);
    CHECK(text_of(learnt_from(repeated(5, week))) == "9 d (a snapshot every 7 d)");
    CHECK(text_of(learnt_from(repeated(5, day))) == "1 d 7 h (a snapshot every 1 d)");
}

TEST_CASE("a person's word comes before what is learnt, that of the moment first") {
    AgeEvidence evidence;
    evidence.arrived = times_after(repeated(9, day));
    evidence.configured = 50h;
    CHECK(allowed_age(evidence).stale_after == 50h);
    CHECK(text_of(allowed_age(evidence)) == "2 d 2 h (max_age)");
    evidence.asked = 2h;
    CHECK(allowed_age(evidence) == age_asked_for(2h));
    CHECK(text_of(allowed_age(evidence)) == "2 h");
}

TEST_CASE(
    "while too few have arrived, the snapshots that are here tell, but of no less than a day") {
    AgeEvidence evidence;
    evidence.arrived = times_after({2min, 2min});
    evidence.made = times_after(repeated(9, week));
    CHECK(allowed_age(evidence).stale_after == 9 * day);
    evidence.made = times_after(repeated(99, 1h));
    CHECK(allowed_age(evidence).stale_after == 26h);
    CHECK(allowed_age(evidence).interval == 1h);
}

TEST_CASE("what cannot be learnt is not known: doubtful after a day, too old after eight") {
    const auto unknown = allowed_age({});
    CHECK(unknown.source == AllowedAge::Source::unknown);
    CHECK(unknown.doubtful_after == 26h);
    CHECK(unknown.stale_after == 8 * day);
    CHECK(text_of(unknown).starts_with("8 d (how often"));
}

TEST_CASE("what is learnt from little allows no more than what is allowed where nothing is known") {
    const auto most = allowed_age({}).stale_after;
    for (const auto& gaps : std::vector<std::vector<seconds>>{
             {week}, {week, week}, {5 * day, week}, {190 * day, day}, {day, 190 * day}})
        CHECK(learnt_from(gaps).stale_after <= most);
}

TEST_CASE("an office that is closed at weekends is not late on Mondays") {
    std::vector<seconds> gaps;
    for (int weeks = 0; weeks < 4; ++weeks) {
        for (int days = 0; days < 5; ++days) {
            gaps = joined(std::move(gaps), repeated(8, 1h));
            gaps.push_back(days < 4 ? 16h : 64h);
        }
    }
    CHECK(usual_interval(times_after(gaps)) == 64h);
}

TEST_CASE("whatever absences there were, who stopped is found out") {
    // For each history: hourly or daily days with absences of any length between them.
    for (const seconds interval : std::vector<seconds>{1h, day})
        for (const int days_before : {1, 3, 6, 10, 40})
            for (const auto absence : {10 * day, 30 * day, 150 * day, 199 * day})
                for (const int days_after : {1, 2, 5, 20}) {
                    auto gaps =
                        repeated(static_cast<std::size_t>(days_before * day / interval), interval);
                    gaps.push_back(absence);
                    gaps = joined(
                        std::move(gaps),
                        repeated(static_cast<std::size_t>(days_after * day / interval), interval));
                    CHECK(learnt_from(gaps).stale_after <= 9 * day);
                }
}
