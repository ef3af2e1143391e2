#include "snapferry/core/access/directory_rights.h"

#include "catch.h"

using namespace snapferry;

TEST_CASE("a private directory is root's, and nobody else may enter it") {
    const auto [rights, verdict] = GENERATE(table<DirectoryRights, Rights>({
        {{0, 0, 040700}, Rights::good},
        {{0, 1000, 040700}, Rights::good},
        {{0, 0, 040000}, Rights::good},
        {{0, 0, 042700}, Rights::good},
        {{0, 0, 040755}, Rights::too_open},
        {{0, 0, 040701}, Rights::too_open},
        {{0, 0, 040740}, Rights::too_open},
        {{0, 0, 040777}, Rights::too_open},
        {{1000, 0, 040700}, Rights::strangers},
        {{1000, 1000, 040777}, Rights::strangers},
    }));
    const auto found = judge_private(rights);
    CHECK(found.rights == verdict);
    CHECK(found.why.empty() == (verdict == Rights::good));
}

TEST_CASE("above a private directory others may look, and change nothing") {
    const auto [rights, verdict] = GENERATE(table<DirectoryRights, Rights>({
        {{0, 0, 040755}, Rights::good},
        {{0, 0, 040700}, Rights::good},
        {{0, 0, 040775}, Rights::good},  // the group root is root
        {{0, 100, 040775}, Rights::too_open},
        {{0, 0, 040757}, Rights::too_open},
        {{0, 0, 041777}, Rights::too_open},
        {{1000, 0, 040755}, Rights::strangers},
        {{1000, 1000, 040700}, Rights::strangers},
    }));
    CHECK(judge_way(rights).rights == verdict);
}

TEST_CASE("what is said of a directory is what others may do, and how to mend it") {
    CHECK(judge_private({0, 0, 040755}).why == "its mode is 0755, so others may look into it");
    CHECK(judge_private({0, 0, 040777}).why ==
          "its mode is 0777, so others may change what is in it");
    CHECK(judge_way({1000, 0, 040755}).why == "it belongs to user 1000, not to root");
    CHECK(advice_for(Rights::too_open, "/mnt/my disk", true) == "chmod 0700 '/mnt/my disk'");
    CHECK(advice_for(Rights::too_open, "/mnt", false) == "chmod go-w '/mnt'");
    CHECK(advice_for(Rights::strangers, "/it's", true).find("chmod 0700 '/it'\\''s'") !=
          std::string::npos);
    CHECK(advice_for(Rights::good, "/mnt", true).empty());
}
