#include "snapferry/core/alert/trouble.h"

#include <random>

#include "catch.h"
#include "snapferry/core/alert/trouble_book.h"

using namespace snapferry;
using namespace snapferry::alert;
using namespace std::chrono_literals;

namespace {

const WallTime start{std::chrono::hours{24 * 365 * 56}};

/// Looks again and again, and remembers what was said, as whoever tells it does.
class Watcher {
  public:
    Saying look(bool is_there, WallTime now) {
        const auto decision = what_to_tell(memory_, is_there, now);
        memory_ = decision.memory;
        said_ += decision.say != Saying::nothing ? 1 : 0;
        return decision.say;
    }
    void lose_memory() { memory_.reset(); }
    [[nodiscard]] int said() const { return said_; }
    [[nodiscard]] bool remembers() const { return memory_.has_value(); }

  private:
    std::optional<TroubleMemory> memory_;
    int said_ = 0;
};

}  // namespace

TEST_CASE("what never was in trouble is told nothing about") {
    Watcher watcher;
    for (auto at = start; at < start + 24h * 30; at += 6h) {
        CHECK(watcher.look(false, at) == Saying::nothing);
    }
    CHECK_FALSE(watcher.remembers());
}

TEST_CASE("a week of failures every few minutes makes seven messages and one that it is over") {
    for (const auto interval : {2min, 7min, 61min}) {
        Watcher watcher;
        auto at = start;
        CHECK(watcher.look(true, at) == Saying::begun);
        for (; at < start + 24h * 7; at += interval) {
            CHECK(watcher.look(true, at) != Saying::over);
        }
        CHECK(watcher.said() == 7);
        CHECK(watcher.look(false, at) == Saying::over);
        CHECK(watcher.look(false, at + interval) == Saying::nothing);
        CHECK(watcher.said() == 8);
    }
}

TEST_CASE("a run a day that is up to an hour late is told of each day") {
    std::mt19937 random(7);
    std::uniform_int_distribution<int> minutes(0, 60);
    Watcher watcher;
    for (int day = 0; day < 300; ++day) {
        const auto at = start + 24h * day + std::chrono::minutes(minutes(random));
        CHECK(watcher.look(true, at) == (day == 0 ? Saying::begun : Saying::still));
    }
}

TEST_CASE("a memory that was lost tells once more") {
    Watcher watcher;
    CHECK(watcher.look(true, start) == Saying::begun);
    watcher.lose_memory();
    CHECK(watcher.look(true, start + 5min) == Saying::begun);
    CHECK(watcher.look(true, start + 10min) == Saying::nothing);
}

TEST_CASE("what is not said is said at the next look") {
    const auto first = what_to_tell({}, true, start);
    CHECK(first.say == Saying::begun);
    CHECK(what_to_tell({}, true, start + 1min).say == Saying::begun);  // the mail was not written
    const auto over = what_to_tell(first.memory, false, start + 2min);
    CHECK(over.say == Saying::over);
    CHECK(what_to_tell(first.memory, false, start + 3min).say == Saying::over);
}

TEST_CASE("what comes back within a day is told at once, and over only when it stayed away") {
    Watcher watcher;
    CHECK(watcher.look(true, start) == Saying::begun);
    CHECK(watcher.look(false, start + 10min) == Saying::over);
    CHECK(watcher.look(true, start + 20min) == Saying::begun);
    CHECK(watcher.look(false, start + 30min) == Saying::nothing);
    CHECK(watcher.look(true, start + 40min) == Saying::nothing);
    CHECK(watcher.look(true, start + 20min + 24h) == Saying::still);
    CHECK(watcher.look(false, start + 25h) == Saying::nothing);
    CHECK(watcher.look(false, start + 48h) == Saying::nothing);
    CHECK(watcher.look(false, start + 49h) == Saying::over);
}

TEST_CASE("what comes and goes all the time makes few messages") {
    for (const auto interval : {1min, 5min, 45min}) {
        Watcher watcher;
        bool is_there = true;
        for (auto at = start; at < start + 24h * 7; at += interval) {
            (void)watcher.look(is_there, at);
            is_there = !is_there;
        }
        CHECK(watcher.said() <= 9);
    }
}

TEST_CASE("what comes back later is a trouble of its own") {
    Watcher watcher;
    CHECK(watcher.look(true, start) == Saying::begun);
    CHECK(watcher.look(false, start + 1h) == Saying::over);
    CHECK(watcher.look(false, start + 26h) == Saying::nothing);
    CHECK_FALSE(watcher.remembers());
    CHECK(watcher.look(true, start + 50h) == Saying::begun);
    CHECK(watcher.look(false, start + 51h) == Saying::over);
}

TEST_CASE("a clock that is set back silences nothing") {
    Watcher watcher;
    CHECK(watcher.look(true, start) == Saying::begun);
    CHECK(watcher.look(true, start - 24h * 400) == Saying::still);
    CHECK(watcher.look(true, start - 24h * 400 + 1h) == Saying::nothing);
    CHECK(watcher.look(false, start - 24h * 400 + 2h) == Saying::over);
}

TEST_CASE("whatever happens, nobody waits longer than a day and a look for what lasts") {
    std::mt19937 random(11);
    std::uniform_int_distribution<int> minutes(1, 600);
    std::bernoulli_distribution is_bad(0.7);
    Watcher watcher;
    auto at = start;
    std::optional<WallTime> bad_since;
    WallTime last_said = start;
    for (int look = 0; look < 20'000; ++look) {
        at += std::chrono::minutes(minutes(random));
        const bool bad = is_bad(random);
        const auto said = watcher.look(bad, at);
        bad_since = bad ? std::optional(bad_since.value_or(at)) : std::nullopt;
        last_said = said == Saying::begun || said == Saying::still ? at : last_said;
        if (bad_since) {
            CHECK(at - std::max(last_said, *bad_since) < 24h);
        } else {
            CHECK((said == Saying::over || said == Saying::nothing));
        }
    }
}

TEST_CASE("the monthly word comes once a month, and where nothing is remembered") {
    CHECK(is_monthly_word_due({}, 7));
    CHECK_FALSE(is_monthly_word_due(7, 7));
    CHECK(is_monthly_word_due(7, 8));
    CHECK(is_monthly_word_due(8, 7));
}

TEST_CASE("the memory of what was told comes back as it was written") {
    TroubleBook book;
    book.month = 681;
    book.troubles["mail job home"] = {start, start + 1h, start + 2h, start + 2h, true, true};
    book.troubles["hook job \"\xff\n"] = {start, start, start};
    const auto read = parse_trouble_book(text_of(book, start + 3h));
    CHECK(read.month == book.month);
    CHECK(read.troubles.at("mail job home") == book.troubles.at("mail job home"));
    CHECK(read.troubles.size() == 2);
    CHECK(parse_trouble_book(text_of(book, start + 24h * 100)).troubles.empty());
}

TEST_CASE("a memory that is broken is as far there as it is whole") {
    for (const auto* const text : {"", "{", "[]", "null", "{\"troubles\":7}", "{\"month\":\"x\"}",
                                   "{\"troubles\":{\"a\":{}}}", "\xff\xfe"}) {
        CHECK(parse_trouble_book(text) == TroubleBook{});
    }
    const auto half = parse_trouble_book(
        R"({"month": 3, "troubles": {"a": {"since": 1, "told": "x"},
            "b": {"since": 1, "told": 2, "seen": 3, "told_over": true, "came_back": false}}})");
    CHECK(half.month == 3);
    REQUIRE(half.troubles.size() == 1);
    CHECK_FALSE(half.troubles.at("b").told_over);  // it does not say since when
}
