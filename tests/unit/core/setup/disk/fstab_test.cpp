#include "snapferry/core/setup/disk/fstab.h"

#include <string>

#include "catch.h"

using namespace snapferry::setup;

namespace {

constexpr auto table = R"(# /etc/fstab
PARTUUID=1-01  /boot  vfat  defaults  0  2
/dev/sda1 /mnt/old\040disk ext4 noauto
UUID="abc" /mnt/b btrfs nofail,noatime 0 0
 # UUID=no /mnt/no btrfs defaults
broken
)";

}  // namespace

TEST_CASE("the lines of fstab are found by what they mount and where") {
    CHECK(parse_fstab(table).size() == 3);
    const auto old = entry_at(table, "/mnt/old disk");
    REQUIRE(old);
    CHECK(old->source == "/dev/sda1");
    const auto by_uuid = entry_of(table, "abc");
    REQUIRE(by_uuid);
    CHECK(by_uuid->point == "/mnt/b");
    CHECK(missing_mount_options(by_uuid->options) ==
          std::vector<std::string>{"nosuid", "nodev", "noexec"});
    CHECK_FALSE(entry_of(table, "no"));
    CHECK_FALSE(entry_at(table, "/mnt/no"));
}

TEST_CASE("a line that is made is read back as what it was made of") {
    for (const std::string point :
         {"/mnt/backups", "/mnt/my disk", "/mnt/a\\b", "/mnt/#1\t\"x\""}) {
        const auto entry = entry_of(fstab_line("abc", point), "abc");
        REQUIRE(entry);
        CHECK(entry->point == point);
        CHECK(entry->type == "btrfs");
        CHECK(entry->options.front() == "nofail");
        CHECK(missing_mount_options(entry->options).empty());
    }
}

TEST_CASE("of what findmnt says only errors count, each with the place that it is about") {
    const auto errors = fstab_errors(
        "/mnt/b\n   [W] non-bind mount source\n"
        "   [E] unreachable: UUID=abc\n/boot\n   [E] bad\n\n"
        "2 parse errors, 2 errors, 1 warning\n");
    CHECK(errors == std::vector<std::string>{"/mnt/b: unreachable: UUID=abc", "/boot: bad"});
    CHECK(fstab_errors("Success, no errors or warnings detected\n").empty());
}

TEST_CASE("a line names a disk by any of its names") {
    constexpr auto by_other_names =
        "LABEL=our\\040photos /srv/a ext4 noauto 0 0\n"
        "PARTUUID=\"9a-01\" /srv/b ext4 noauto 0 0\n"
        "# LABEL=old /srv/c ext4\n";
    CHECK(entry_naming(by_other_names, {"/dev/sda1", "LABEL=our photos"})->point == "/srv/a");
    CHECK(entry_naming(by_other_names, {"PARTUUID=9a-01"})->point == "/srv/b");
    CHECK_FALSE(entry_naming(by_other_names, {"LABEL=our", "LABEL=old", "/dev/sda1"}));
    CHECK_FALSE(entry_naming(by_other_names, {}));
}

TEST_CASE("a line is found however its place and its uuid are written") {
    const std::string text = "UUID=AB-CD /mnt/backups/ btrfs nofail 0 0\n";
    CHECK(entry_at(text, "/mnt/backups"));
    CHECK(entry_at(text, "/mnt/backups/"));
    CHECK(entry_of(text, "ab-cd"));
    CHECK(entry_naming(text, {"UUID=ab-cd"}));
    CHECK_FALSE(entry_at(text, "/mnt/backup"));
}

TEST_CASE("the line of a subvolume mounts that one and no other") {
    const auto entry = entry_of(fstab_line("u", "/mnt/x", "/@backups of all"), "u");
    REQUIRE(entry);
    CHECK(mounts_subvolume(*entry, "/@backups of all"));
    CHECK_FALSE(mounts_subvolume(*entry, "/"));
    const auto top = entry_of(fstab_line("u", "/mnt/x", "/"), "u");
    CHECK(mounts_subvolume(*top, "/"));
    CHECK_FALSE(mounts_subvolume(*top, "/@backups"));
    CHECK(mounts_subvolume({"UUID=u", "/mnt/x", "btrfs", {"subvol=@backups"}}, "/@backups"));
    CHECK(mounts_subvolume({"UUID=u", "/mnt/x", "btrfs", {"subvolid=256"}}, "/@backups"));
}

TEST_CASE("what a person mounts by hand is not mounted at a start") {
    CHECK(is_mounted_at_a_start({"UUID=u", "/mnt/x", "btrfs", {"nofail"}}));
    CHECK_FALSE(is_mounted_at_a_start({"UUID=u", "/mnt/x", "btrfs", {"noauto"}}));
    CHECK(is_mounted_at_a_start({"UUID=u", "/mnt/x", "btrfs", {"noauto", "x-systemd.automount"}}));
}
