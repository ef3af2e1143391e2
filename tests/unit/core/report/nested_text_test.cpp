#include "snapferry/core/report/nested_text.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("subvolumes in what is sent are named, a few of many") {
    CHECK(nested_text({}).empty());
    CHECK(nested_text({"vm\n"}).find(
              "vm\\x0a is a subvolume of its own and is NOT in this backup") == 0);
    CHECK(nested_text({"a", "b"}).find("a, b are subvolumes of their own") == 0);
    CHECK(nested_text(std::vector<std::string>(500, "docker")).find(" and 492 more") !=
          std::string::npos);
}
