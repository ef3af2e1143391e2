#include "snapferry/core/text/name_order.h"

#include <algorithm>
#include <string>
#include <vector>

#include "catch.h"

using snapferry::is_listed_before;

TEST_CASE("names are listed with their numbers in the order of counting") {
    struct Pair {
        std::string first;
        std::string second;
    };
    const std::vector<Pair> pairs{
        {"tag_1", "tag_2"},
        {"tag_2", "tag_10"},
        {"tag_9", "tag_10"},
        {"tag_10", "tag_10a"},
        {"tag", "tag_1"},
        {"nas2-daily-3", "nas10-daily-1"},
        {"nas2-daily-3", "nas2-daily-12"},
        {"disk007", "disk8"},
        {"disk07", "disk7"},  // the same number: by the bytes
        {"home", "photos"},
        {"Home", "home"},
        {"2-home", "home"},
        {"9", "99999999999999999999999999999998"},
        {"99999999999999999999999999999998", "99999999999999999999999999999999"},
        {"a", "\xc3\xa4"},  // bytes count without a sign
        {"", "0"},
    };
    for (const auto& [first, second] : pairs) {
        CAPTURE(first, second);
        CHECK(is_listed_before(first, second));
        CHECK_FALSE(is_listed_before(second, first));
        CHECK_FALSE(is_listed_before(first, first));
    }
}

TEST_CASE("whatever order names come in, they are listed in one") {
    const std::vector<std::string> listed{"a", "a0", "a00", "a1", "a01b", "a1b", "a2", "a10", "b"};
    auto names = listed;
    std::sort(names.begin(), names.end());
    do {
        auto sorted = names;
        std::sort(sorted.begin(), sorted.end(), is_listed_before);
        if (sorted != listed) {
            CHECK(sorted == listed);
            break;
        }
        std::rotate(names.begin(), names.begin() + 1, names.end());
    } while (!std::is_sorted(names.begin(), names.end()));
}
