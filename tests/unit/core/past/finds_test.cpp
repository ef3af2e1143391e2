#include "snapferry/core/past/finds.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using namespace snapferry::past;

TEST_CASE("a path that is found in several backups is told once, as it was last") {
    Finds finds;
    finds.add("mon", "b", {{}, 1, {}});
    finds.add("mon", "a", {{}, 2, {}});
    finds.add("tue", "b", {{}, 3, {}});
    CHECK(finds.all() == std::vector<Find>{{"a", {{}, 2, {}}, 1, "mon", "mon"},
                                           {"b", {{}, 3, {}}, 2, "mon", "tue"}});
}

TEST_CASE("what matches everywhere is refused before it fills the memory") {
    Finds finds;
    for (std::size_t number = 0; number < Finds::most; ++number) {
        finds.add("mon", std::to_string(number), {});
    }
    finds.add("tue", "0", {});
    CHECK_THROWS_AS(finds.add("tue", "one more", {}), snapferry::Failure);
}
