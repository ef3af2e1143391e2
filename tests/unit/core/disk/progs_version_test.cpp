#include "snapferry/core/disk/progs_version.h"

#include "catch.h"

using snapferry::newest_form_of;
using snapferry::parse_progs_version;
using snapferry::ProgsVersion;
using snapferry::stream::Form;

TEST_CASE("the version of btrfs-progs is read from what they say") {
    CHECK(parse_progs_version("btrfs-progs v6.2\n") == ProgsVersion{6, 2, 0});
    CHECK(parse_progs_version("btrfs-progs v6.0.2\n") == ProgsVersion{6, 0, 2});
    CHECK(parse_progs_version("btrfs-progs v6.14\n-EXPERIMENTAL -INJECT\n") ==
          ProgsVersion{6, 14, 0});
    CHECK(parse_progs_version("btrfs-progs v6.11-rc2") == ProgsVersion{6, 11, 0});
    CHECK(parse_progs_version("btrfs-progs v7") == ProgsVersion{7, 0, 0});
    for (const auto* other : {"", "btrfs-progs", "btrfs-progs v", "btrfs-progs vx.y", "Btrfs v6.2"})
        CHECK_FALSE(parse_progs_version(other));
}

TEST_CASE("btrfs receive gets no newer form than it takes safely") {
    CHECK(newest_form_of({5, 19, 1}) == Form::v1);
    CHECK(newest_form_of({6, 0, 1}) == Form::v1);
    CHECK(newest_form_of({6, 0, 2}) == Form::v2);
    CHECK(newest_form_of({6, 1, 3}) == Form::v2);
    CHECK(newest_form_of({6, 2, 0}) == Form::v2_compressed);
    CHECK(newest_form_of({6, 19, 0}) == Form::v2_compressed);
    CHECK(newest_form_of({10, 0, 0}) == Form::v2_compressed);
}
