#include "snapferry/core/wire/life_question.h"

#include "catch.h"

using namespace std::chrono_literals;
using snapferry::wire::LifeQuestion;
using Step = LifeQuestion::Step;

namespace {

constexpr LifeQuestion::Time start{1000h};

}  // namespace

TEST_CASE("who says something is never asked") {
    LifeQuestion question(120s, start);
    for (std::uint64_t second = 1; second < 1000; ++second)
        CHECK(question.next(second, start + std::chrono::seconds(second)) == Step::nothing);
}

TEST_CASE("who is silent is asked once, and given up when no answer comes") {
    LifeQuestion question(120s, start);
    CHECK(question.next(7, start) == Step::nothing);
    CHECK(question.next(7, start + 14s) == Step::nothing);
    CHECK(question.next(7, start + 15s) == Step::ask);
    CHECK(question.next(7, start + 134s) == Step::nothing);
    CHECK(question.next(7, start + 135s) == Step::give_up);
}

TEST_CASE("an answer begins the silence anew") {
    LifeQuestion question(10s, start);
    CHECK(question.next(0, start + 4s) == Step::ask);
    CHECK(question.next(40, start + 13s) == Step::nothing);
    CHECK(question.next(40, start + 15s) == Step::nothing);
    CHECK(question.next(40, start + 17s) == Step::ask);
}

TEST_CASE("who did not listen for long has first to ask") {
    LifeQuestion question(120s, start);
    CHECK(question.next(0, start + 10h) == Step::ask);
    CHECK(question.next(30, start + 20h) == Step::nothing);  // the answer lay there all the time
}
