#include "snapferry/core/setup/disk/disks.h"

#include <string>

#include "catch.h"
#include "contains_text.h"
#include "failure_of.h"

using namespace snapferry;
using namespace snapferry::setup;

namespace {

/// A Pi with a card, an empty disk, one with an opened LUKS partition, and a reader without a card.
constexpr auto pi = R"({"blockdevices": [
  {"path":"/dev/mmcblk0","size":31914983424,"type":"disk","model":null,"serial":"0x1","mountpoints":[null],"ro":false,
   "children":[{"path":"/dev/mmcblk0p1","size":536870912,"type":"part","model":null,"serial":null,"mountpoints":["/boot/firmware"],"ro":false},
               {"path":"/dev/mmcblk0p2","size":31373918208,"type":"part","model":null,"serial":null,"mountpoints":["/"],"ro":false},
               {"path":"/dev/mmcblk0p3","size":31373918208,"type":"part","model":null,"serial":null,"mountpoints":[null],"ro":false}]},
  {"path":"/dev/sda","size":1000204886016,"type":"disk","model":"Elements 25A1","serial":"WX12A","mountpoints":[null],"ro":false},
  {"path":"/dev/sdb","size":2000398934016,"type":"disk","model":"Desk","serial":"NA7","mountpoints":[null],"ro":false,
   "children":[{"path":"/dev/sdb1","size":2000397868544,"type":"part","model":null,"serial":null,"mountpoints":[null],"ro":false,
     "children":[{"path":"/dev/mapper/b","size":2000381018112,"type":"crypt","model":null,"serial":null,"mountpoints":["/mnt/b"],"ro":false}]}]},
  {"path":"/dev/sdc","size":0,"type":"disk","model":"Reader","serial":"R","mountpoints":[null],"ro":false},
  {"path":"/dev/sdd","size":8000000000,"type":"disk","model":"Stick","serial":"S","mountpoints":["[SWAP]"],"ro":false},
  {"path":"/dev/sde","size":8000000000,"type":"disk","model":"Locked","serial":"L","mountpoints":[null],"ro":true},
  {"path":"/dev/zram0","size":8000000000,"type":"disk","model":null,"serial":null,"mountpoints":[null],"ro":false},
  {"path":"/dev/loop1","size":8000000000,"type":"loop","model":null,"serial":null,"mountpoints":[null],"ro":false}
]})";

Disk disk_called(const std::string& path) {
    for (const auto& disk : parse_disks(pi)) {
        if (disk.path == path) {
            return disk;
        }
    }
    FAIL(path);
    return {};
}

}  // namespace

TEST_CASE("of a Pi's disks those are offered that nothing else is on") {
    std::vector<std::string> offered;
    for (const auto& disk : parse_disks(pi)) {
        if (may_hold_backups(disk)) {
            offered.push_back(disk.path);
        }
    }
    CHECK(offered == std::vector<std::string>{"/dev/sda", "/dev/mapper/b"});
}

TEST_CASE("a disk has the names of its parts, by which /etc/fstab may have them") {
    const auto disks = parse_disks(R"({"blockdevices": [
      {"path":"/dev/sda","type":"disk","uuid":null,"label":null,"partuuid":null,"partlabel":null,
       "children":[{"path":"/dev/sda1","type":"part","uuid":"6E3B-77","label":"our photos","partuuid":"9a-01",
                    "partlabel":"p"}]}]})");
    REQUIRE(disks.size() == 2);
    CHECK(disks[0].names == std::vector<std::string>{"/dev/sda", "/dev/sda1", "UUID=6E3B-77",
                                                     "LABEL=our photos", "PARTUUID=9a-01",
                                                     "PARTLABEL=p"});
    CHECK(disks[1].names.front() == "/dev/sda1");
}

TEST_CASE("what / is mounted from is known, whether or not it is to be erased") {
    CHECK(is_root_of_system(disk_called("/dev/mmcblk0p2")));
    CHECK_FALSE(is_root_of_system(disk_called("/dev/mmcblk0p3")));
    CHECK_FALSE(is_root_of_system(disk_called("/dev/mapper/b")));
}

TEST_CASE("no part of the disk that the system is on is ever erased") {
    for (const auto* const path :
         {"/dev/mmcblk0", "/dev/mmcblk0p1", "/dev/mmcblk0p2", "/dev/mmcblk0p3"}) {
        INFO(path);
        CHECK(disk_called(path).is_of_system);
        CHECK_THAT(why_not_to_erase(disk_called(path)), contains_text("system"));
    }
}

TEST_CASE("a disk is not erased while anything on it is in use, or where it cannot be") {
    CHECK(why_not_to_erase(disk_called("/dev/sda")).empty());
    for (const auto* const path :
         {"/dev/sdb", "/dev/sdb1", "/dev/mapper/b", "/dev/sdc", "/dev/sdd", "/dev/sde"}) {
        INFO(path);
        CHECK_FALSE(why_not_to_erase(disk_called(path)).empty());
    }
}

TEST_CASE("a whole disk is confirmed by its serial number, a part of one by its name") {
    CHECK(erasing_words(disk_called("/dev/sda")) == "WX12A");
    CHECK(erasing_words(disk_called("/dev/sdb1")) == "sdb1");
    CHECK(erasing_words(disk_called("/dev/zram0")) == "zram0");
    auto odd = disk_called("/dev/sda");
    odd.serial = "two words";
    CHECK(erasing_words(odd) == "sda");
}

TEST_CASE("what is on a disk is told, and a filesystem among partitions is none to be taken") {
    CHECK(parse_signatures("").types.empty());
    CHECK(parse_signatures(R"({"signatures": []})").types.empty());
    const auto btrfs = parse_signatures(
        R"({"signatures":[{"device":"sda","offset":"0x10040","type":"btrfs","uuid":"abc","label":null}]})");
    CHECK(btrfs.types == std::vector<std::string>{"btrfs"});
    CHECK(btrfs.btrfs_uuid == "abc");
    CHECK(btrfs.names == std::vector<std::string>{"UUID=abc"});
    const auto gpt =
        parse_signatures(R"({"signatures":[{"type":"gpt"},{"type":"gpt"},{"type":"PMBR"}]})");
    CHECK(gpt.types == std::vector<std::string>{"gpt", "PMBR"});
    CHECK(disk_text(disk_called("/dev/sda"), btrfs) ==
          "/dev/sda  931.5 GiB  Elements 25A1  has btrfs");
}

TEST_CASE("what is no answer of lsblk or wipefs is refused") {
    for (const auto* const text :
         {"", "[]", R"({"blockdevices": 1})", R"({"blockdevices": [1]})"}) {
        CHECK(testing::failure_of([&] { (void)parse_disks(text); }).code() ==
              ExitCode::configuration);
    }
    for (const auto* const text : {"x", "{}", R"({"signatures": [{}]})"}) {
        CHECK(testing::failure_of([&] { (void)parse_signatures(text); }).code() ==
              ExitCode::configuration);
    }
}
