#include "snapferry/core/check/check.h"

#include "catch.h"

using namespace snapferry;
using enum snapferry::CheckState;

TEST_CASE("the worst finding counts, and nothing found is not well") {
    const auto worst = [](std::vector<CheckState> states) {
        std::vector<Finding> findings;
        for (const auto state : states)
            findings.push_back({state, "x"});
        return worst_of(findings);
    };
    CHECK(worst({}) == unknown);
    CHECK(worst({ok, ok}) == ok);
    CHECK(worst({ok, warning}) == warning);
    CHECK(worst({warning, unknown}) == unknown);
    CHECK(worst({unknown, critical, warning}) == critical);
}

TEST_CASE("a check's text begins with the worst, and has the values behind its first line") {
    const std::vector<Finding> findings{
        {ok, "home: newest backup is 3 h old", {{"home age", 10800, "s", {}, 93600.0}}},
        {critical, "music: newest backup is 4 days old", {{"music age", 345600, "s", {}, 93600.0}}},
        {warning, "disk: 3 % free", {{"free", 3, "%"}}},
    };
    CHECK(check_text(findings) ==
          "SNAPFERRY CRITICAL: music: newest backup is 4 days old | 'home_age'=10800s;;93600 "
          "'music_age'=345600s;;93600 'free'=3%\n"
          "WARNING: disk: 3 % free\n"
          "OK: home: newest backup is 3 h old\n");
    CHECK(check_text({}) == "SNAPFERRY UNKNOWN: nothing to check\n");
}

TEST_CASE("a label cannot break out of its quotes") {
    const std::vector<Finding> findings{{ok, "fine", {{"a'b=c|d\n", 1, ""}}}};
    CHECK(check_text(findings) == "SNAPFERRY OK: fine | 'a_b_c_d_'=1\n");
}

TEST_CASE("words cannot forge values") {
    const std::vector<Finding> findings{{warning, "see dmesg | tail"}, {ok, "a | 'b'=1"}};
    CHECK(check_text(findings) == "SNAPFERRY WARNING: see dmesg / tail\nOK: a / 'b'=1\n");
}
