#include "snapferry/core/plan/send_scope.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using namespace snapferry;

TEST_CASE("which snapshots go is said in words") {
    CHECK(parse_send_scope("newest") == SendScope{});
    CHECK(parse_send_scope("all") == SendScope{true, {}});
    CHECK(parse_send_scope("all up to 30") == SendScope{true, 30});
    CHECK(parse_send_scope("all up to 1800") == SendScope{true, 1800});
}

TEST_CASE("any other words are refused, and the hint says which there are") {
    for (const auto* words : {"", "All", "all ", "30", "all up to", "all up to ", "all up to 0",
                              "all up to -1", "all up to 1801", "all up to 30 days",
                              "all up to 99999999999999999999", "all up to  3"}) {
        INFO(words);
        CHECK_THROWS_AS(parse_send_scope(words), Failure);
    }
    try {
        (void)parse_send_scope("everything");
        FAIL("it was accepted");
    } catch (const Failure& failure) {
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(failure.hint().find("\"all up to 30\"") != std::string::npos);
    }
}
