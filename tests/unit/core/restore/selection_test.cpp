#include "snapferry/core/restore/selection.h"

#include "catch.h"
#include "snapferry/core/failure.h"

using namespace snapferry;
using namespace snapferry::restore;

namespace {

Selection selected(const std::vector<std::string>& paths) {
    return Selection(paths);
}

}  // namespace

TEST_CASE("without a path all is meant") {
    for (const auto& all : {Selection(), selected({}), selected({"/"}), selected({"a", "."})}) {
        CHECK(all.is_whole());
        CHECK(all.holds(""));
        CHECK(all.holds("a/b"));
    }
}

TEST_CASE("a path means itself, all beneath it, and touches the way to it") {
    const auto some = selected({"a/b", "c"});
    for (const auto* const path : {"a/b", "a/b/x", "a/b/x/y", "c", "c/d"}) {
        CHECK(some.holds(path));
        CHECK(some.touches(path));
    }
    for (const auto* const path : {"", "a"}) {
        CHECK_FALSE(some.holds(path));
        CHECK(some.touches(path));
    }
    for (const auto* const path : {"a/bb", "a/c", "b", "cc", "a/b.txt", "ab"}) {
        CHECK_FALSE(some.holds(path));
        CHECK_FALSE(some.touches(path));
    }
}

TEST_CASE("a path is taken however it is written") {
    for (const auto* const path : {"a/b", "/a/b", "./a/b/", "//a/./b//"})
        CHECK(selected({path}).paths() == std::vector<std::string>{"a/b"});
}

TEST_CASE("a path that leads out of the backup is refused") {
    for (const std::string& path :
         {std::string("../a"), std::string("a/../../b"), std::string("a/.."), std::string(),
          std::string("a\0b", 3), std::string(300, 'x')}) {
        CAPTURE(path);
        CHECK_THROWS_AS(selected({path}), Failure);
    }
}
