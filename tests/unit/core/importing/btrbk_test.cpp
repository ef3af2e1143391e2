#include "snapferry/core/importing/btrbk_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

#include "catch.h"
#include "snapferry/core/importing/btrbk_import.h"
#include "snapferry/core/importing/btrbk_keep.h"

using namespace snapferry;
using namespace snapferry::importing;

namespace {

/// In the form of what many write: snapshots here, backups at another machine.
constexpr auto usual = R"(# my backups
timestamp_format        long
snapshot_preserve_min   2d
snapshot_preserve       14d
target_preserve_min     no
target_preserve         20d 10w *m
snapshot_dir            btrbk_snapshots
ssh_identity            /etc/btrbk/ssh/id_ed25519   # the key
stream_compress         zstd

volume /mnt/btr_pool
  target ssh://backup.example.org:2222/mnt/btr_backup/nas
  subvolume home
  subvolume rootfs
    snapshot_preserve   24h 7d
  subvolume media/photos
    snapshot_name       photos
    target raw ssh://other.example.org/srv/raw
    target /mnt/usb/photos
)";

Import imported(const std::string& text) {
    return import_btrbk(parse_btrbk(text));
}

std::string notes_of(const Import& import) {
    std::string text;
    for (const auto& note : import.notes) {
        text += fmt::format("{}: {}\n", note.line, note.text);
    }
    return text;
}

}  // namespace

TEST_CASE("a usual btrbk.conf becomes snapshots, receivers and jobs") {
    const auto import = imported(usual);
    CHECK(text_of(import.send) == R"([snapshots.home]
subvolume = "/mnt/btr_pool/home"
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
tag = "home"
keep = "48h 14d"
calendar = "hourly"

[receivers.backup-example-org-home]
host = "backup.example.org"
user = "backups"
key = "/etc/snapferry/keys/home"
port = 2222

[jobs.home]
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
source_tag = "home"
dest_tag = "home"
to = "backup-example-org-home"

[snapshots.rootfs]
subvolume = "/mnt/btr_pool/rootfs"
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
tag = "rootfs"
keep = "48h 7d"
calendar = "hourly"

[receivers.backup-example-org-rootfs]
host = "backup.example.org"
user = "backups"
key = "/etc/snapferry/keys/rootfs"
port = 2222

[jobs.rootfs]
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
source_tag = "rootfs"
dest_tag = "rootfs"
to = "backup-example-org-rootfs"

[snapshots.photos]
subvolume = "/mnt/btr_pool/media/photos"
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
tag = "photos"
keep = "48h 14d"
calendar = "hourly"

[receivers.backup-example-org-photos]
host = "backup.example.org"
user = "backups"
key = "/etc/snapferry/keys/photos"
port = 2222

[jobs.photos]
snapshot_dir = "/mnt/btr_pool/btrbk_snapshots"
source_tag = "photos"
dest_tag = "photos"
to = "backup-example-org-photos"
)");
    REQUIRE(import.receive.size() == 1);
    CHECK(text_of(import.receive.at("backup.example.org")) == R"(target_dir = "/mnt/btr_backup/nas"

[tags.home]
keep = "20d 10w 1000m"

[tags.rootfs]
keep = "20d 10w 1000m"

[tags.photos]
keep = "20d 10w 1000m"
)");
}

TEST_CASE("what is not carried over is said with its line") {
    const auto notes = notes_of(imported(usual));
    for (const auto* const note :
         {"2: timestamp_format: snapshots are named TIME-@TAG here",
          "8: ssh_identity: each tag has a key of its own",
          "9: stream_compress: data is compressed as hard as keeps the line busy",
          "13: [snapshots.home] keep: of all snapshots of the last 2d, the first of each hour is "
          "kept, for 48 hours that have one",
          "13: [snapshots.home] calendar: \"hourly\" is a guess",
          "18: targets of the type \"raw\" are not carried over",
          "19: /mnt/usb/photos is on this machine"}) {
        CAPTURE(note, notes);
        CHECK(notes.find(note) != std::string::npos);
    }
}

TEST_CASE("an option that is not known here is said, and one that means nothing is not") {
    const auto import = imported(
        "some_new_option yes\nlockfile /run/lock/btrbk.lock\nincremental yes\nbackend "
        "btrfs-progs-sudo\nsnapshot_preserve_daily 14\nsnapshot_preserve_min latest\n"
        "subvolume /data/home\n  snapshot_dir /data/snaps\n  snapshot_create no\n");
    CHECK(
        notes_of(import) ==
        "1: some_new_option is not carried over\n"
        "4: backend: sudo runs one program, by a rule that setup makes\n"
        "5: snapshot_preserve_daily: it is of btrbk before 0.23: say it as snapshot_preserve, and "
        "import again\n"
        "7: btrbk makes no snapshots of /data/home: whoever does has to name them so that they "
        "end in @home\n");
}

TEST_CASE("places that are not of this machine, or not known, are said") {
    const auto notes = notes_of(
        imported("volume ssh://other/mnt/pool\n  subvolume system\nvolume /mnt\n  subvolume "
                 "home*\nvolume relative\n  subvolume x\n  target backup.lan:/b\n"));
    CHECK(notes.find("1: ssh://other/mnt/pool is of another machine") != std::string::npos);
    CHECK(notes.find("4: home* means several subvolumes") != std::string::npos);
    CHECK(notes.find("6: where x or its snapshots lie is not known") != std::string::npos);
}

TEST_CASE("targets of all sections are for the subvolumes beneath, with their options") {
    const auto import = imported(
        "target one.lan:/b\n  rate_limit 20m\nvolume /mnt/a\n  snapshot_dir .snaps/\n  target "
        "[fd00::7]:/b\n  subvolume .\n  target ssh://one.lan/elsewhere\n");
    const auto text = text_of(import.send);
    CHECK(text.find("subvolume = \"/mnt/a\"\nsnapshot_dir = \"/mnt/a/.snaps\"\ntag = \"a\"\n") !=
          std::string::npos);
    CHECK(text.find("host = \"one.lan\"\nuser = \"backups\"\nkey = "
                    "\"/etc/snapferry/keys/a\"\nbandwidth_limit = \"20MiB/s\"\n") !=
          std::string::npos);
    CHECK(text.find("host = \"fd00::7\"") != std::string::npos);
    CHECK(text.find("[jobs.a]") != std::string::npos);
    CHECK(text.find("[jobs.fd00--7-a]") != std::string::npos);
    CHECK(notes_of(import).find("7: it is the second place for /mnt/a at one.lan") !=
          std::string::npos);
}

TEST_CASE("the words of preserve become words of keep") {
    const auto [preserve, least, has_min_age, keep, min_age] =
        GENERATE(table<std::string, std::string, bool, std::string, std::string>({
            {"14d 8w 12m", "latest", false, "14d 8w 12m", ""},
            {"14d", "2d", true, "14d", "2d"},
            {"14d", "2w", true, "14d", "336h"},
            {"14d", "18h", true, "14d", "18h"},
            {"48h 20d 6m", "18h", false, "48h 20d 6m", ""},
            {"no", "latest", false, "1", ""},
            {"no", "no", true, "1", ""},
            {"", "", false, "1000", ""},
            {"7d", "all", true, "1000 7d", ""},
            {"*d 2y", "no", true, "1000d 2y", ""},
            {"2000d", "no", true, "1000d", ""},
            {"7d", "3m", false, "1000h 7d", ""},
            {"7x d -1d 18446744073709551616d", "no", true, "1000", ""},
            {"14d, 8w", "no", true, "1000 8w", ""},
            {"7d", "18446744073709551615m", true, "1000 7d", ""},
        }));
    CAPTURE(preserve, least);
    const auto kept = kept_words(preserve, least, has_min_age);
    CHECK(kept.keep == keep);
    CHECK(kept.min_age == min_age);
    CHECK(std::holds_alternative<KeepWords>(parse_keep(kept.keep)));
}

TEST_CASE("any bytes are read without harm, and whatever comes of them are tables") {
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
    const std::string text = usual;
    for (int round = 0; round < 2000; ++round) {
        auto changed = text;
        for (int change = 0; change < 8; ++change) {
            changed[random() % changed.size()] = static_cast<char>(random() % 256);
        }
        const auto import = imported(changed);
        const auto written = text_of(import.send) + notes_of(import);
        if (std::any_of(written.begin(), written.end(), [](char character) {
                return static_cast<unsigned char>(character) < ' ' && character != '\n';
            })) {
            CAPTURE(round, written);
            FAIL("a control character is written");
        }
    }
    CHECK(imported("").send.empty());
    CHECK(imported(std::string(100000, '\n')).send.empty());
    CHECK(notes_of(imported(std::string(5000, 'a') + "\nfoo\x01 bar\n=x")).find("3: ") !=
          std::string::npos);
}
