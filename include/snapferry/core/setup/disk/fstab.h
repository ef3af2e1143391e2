#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The line of /etc/fstab for the backup disk; fstab(5).
namespace snapferry::setup {

struct FstabEntry {
    std::string source;  ///< "UUID=...", "/dev/sda1"
    std::string point;
    std::string type;
    std::vector<std::string> options;
};

/// Lines that are none are passed over.
std::vector<FstabEntry> parse_fstab(std::string_view text);

std::optional<FstabEntry> entry_at(std::string_view text, std::string_view point);

/// By "UUID=...", in quotes or not.
std::optional<FstabEntry> entry_of(std::string_view text, std::string_view uuid);

/// Whose source is one of these names: "/dev/sda1", "LABEL=photos".
std::optional<FstabEntry> entry_naming(std::string_view text,
                                       const std::vector<std::string>& names);

/// With which the machine starts without the disk, and what comes from the sender can do no harm.
/// `subvolume`: that is to be mounted, as mountinfo has it; "/" or empty: the top level.
std::string fstab_line(std::string_view uuid, std::string_view point,
                       std::string_view subvolume = {});

/// Whether its options lead to the subvolume that is mounted now, "/@backups".
bool mounts_subvolume(const FstabEntry& entry, std::string_view subvolume);

/// At a start, or when somebody looks there.
bool is_mounted_at_a_start(const FstabEntry& entry);

/// Of the options that a mounted backup disk should have, those that are not among these.
std::vector<std::string> missing_mount_options(const std::vector<std::string>& options);

/// What `findmnt --verify` calls an error, a text each: "/mnt/backups: unreachable: ...".
std::vector<std::string> fstab_errors(std::string_view findmnt);

}  // namespace snapferry::setup
