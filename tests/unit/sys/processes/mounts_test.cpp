#include "snapferry/sys/processes/mounts.h"

#include "catch.h"

using namespace snapferry::sys;

namespace {

constexpr auto mountinfo =
    "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
    "23 22 0:21 / /proc rw,nosuid shared:12 master:3 propagate_from:2 - proc proc rw\n"
    "30 22 0:46 /backups /mnt/backups rw,relatime - btrfs /dev/sdb1 rw,subvol=/backups\n"
    "31 22 0:47 / /mnt/a\\040b\\134c\\011d\\012e rw - btrfs /dev/sdc1 rw\n"
    "32 30 0:46 / /mnt/backups rw - tmpfs tmpfs rw\n";

}  // namespace

TEST_CASE("mountinfo is read line by line, optional fields or none") {
    const auto mounts = parse_mounts(mountinfo);
    REQUIRE(mounts.size() == 5);
    CHECK(mounts[0].device == "8:2");
    CHECK(mounts[0].point == "/");
    CHECK(mounts[0].filesystem_type == "ext4");
    CHECK(mounts[1].point == "/proc");
    CHECK(mounts[1].filesystem_type == "proc");
    CHECK(mounts[2].options == "rw,subvol=/backups");
    CHECK(mounts[2].device == "0:46");
    CHECK(mounts[2].point == "/mnt/backups");
    CHECK(mounts[2].filesystem_type == "btrfs");
}

TEST_CASE("blanks and backslashes in a mount point are unescaped") {
    CHECK(parse_mounts(mountinfo)[3].point == "/mnt/a b\\c\td\ne");
}

TEST_CASE("what the kernel does not escape stays in a mount point") {
    for (const std::string odd : {"/mnt/a\rb", "/mnt/a\vb", "/mnt/a\fb", "/mnt/\xc2\xa0x",
                                  "/mnt/\\x", "/mnt/\\9", "/mnt/x\\04"}) {
        const auto mounts = parse_mounts("30 22 0:46 / " + odd + " rw - btrfs /dev/sdb1 rw\n");
        REQUIRE(mounts.size() == 1);
        CHECK(mounts[0].point == odd);
        CHECK(mounts[0].filesystem_type == "btrfs");
    }
}

TEST_CASE("of several mounts at one point the topmost is seen") {
    const auto mounts = parse_mounts(mountinfo);
    CHECK(mount_at(mounts, "/mnt/backups")->filesystem_type == "tmpfs");
    CHECK(mount_at(mounts, "/")->filesystem_type == "ext4");
    CHECK_FALSE(mount_at(mounts, "/mnt"));
    CHECK_FALSE(mount_at(mounts, "/mnt/backups/x"));
    CHECK_FALSE(mount_at({}, "/"));
}

TEST_CASE("lines that are not of mountinfo are passed over") {
    CHECK(parse_mounts("").empty());
    CHECK(
        parse_mounts("\n\nx\n22 1 8:2 / /\n22 1 8:2 / / rw shared:1\n22 1 8:2 / / rw -\n").empty());
    CHECK(parse_mounts("22 1 8:2 / / rw - ext4 /dev/sda2 rw").size() == 1);
}

TEST_CASE("this process has mounts, and one of them is the root or above it") {
    const auto mounts = current_mounts();
    CHECK_FALSE(mounts.empty());
    for (const auto& mount : mounts)
        CHECK(mount.point.is_absolute());
    CHECK(mount_at(mounts, "/proc"));
}
