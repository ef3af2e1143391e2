#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The disks and partitions of a machine, and which of them may hold backups.
namespace snapferry::setup {

/// A disk, a partition, or what lies on one (an opened LUKS device, say).
struct Disk {
    std::string path;  ///< "/dev/sda1"
    std::string type;  ///< lsblk's: "disk", "part", "crypt", "loop"
    std::string model;
    std::string serial;      ///< of the whole disk
    std::uint64_t size = 0;  ///< bytes
    std::vector<std::string>
        mounts;              ///< where it, or anything on it, is mounted; "[SWAP]" for swap
    bool has_parts = false;  ///< partitions, or anything else that is made of it
    bool read_only = false;
    bool is_of_system = false;       ///< the disk that / is on, or a part of it
    std::vector<std::string> names;  ///< of it and its parts, as in /etc/fstab: "LABEL=photos"

    bool operator==(const Disk&) const = default;
};

inline constexpr auto lsblk_columns =
    "PATH,SIZE,TYPE,MODEL,SERIAL,MOUNTPOINTS,RO,UUID,LABEL,PARTUUID,PARTLABEL";

/// What `lsblk --json --bytes -o ...` says with the columns that
/// `lsblk_columns` names; a disk before its parts. Throws Failure (configuration) where the text is
/// something else.
std::vector<Disk> parse_disks(std::string_view lsblk);

/// What `wipefs --no-act --json` finds on a device.
struct Signatures {
    std::vector<std::string> types;  ///< "btrfs", "ext4", "gpt"; each once
    std::string btrfs_uuid;          ///< empty where there is no btrfs
    std::vector<std::string> names;  ///< as in /etc/fstab: "UUID=...", "LABEL=photos"

    bool operator==(const Signatures&) const = default;
};

/// Throws Failure (configuration) where the text is something else.
Signatures parse_signatures(std::string_view wipefs);

/// Whether it can be offered at all: large enough, not the system's, writable, of nothing else.
bool may_hold_backups(const Disk& disk);

/// Whether / itself is mounted from it.
bool is_root_of_system(const Disk& disk);

/// Why this disk must not be erased whatever a person types; empty where it may be.
std::string why_not_to_erase(const Disk& disk);

/// What a person types to have it erased: the disk's serial number, or where it has none its name.
std::string erasing_words(const Disk& disk);

/// "/dev/sda1  931.5 GiB  WDC WD10EZEX  btrfs": a line for who chooses.
std::string disk_text(const Disk& disk, const Signatures& signatures);

}  // namespace snapferry::setup
