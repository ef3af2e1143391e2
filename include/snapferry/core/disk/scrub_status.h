#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace snapferry {

/// The last scrub of one device: what btrfs-progs note of it in /var/lib/btrfs.
struct ScrubRecord {
    std::uint64_t device = 0;        ///< its number in the filesystem
    std::chrono::sys_seconds begun;  ///< or taken up again
    bool finished = false;
    bool canceled = false;
    /// Counters of errors that are not zero, by the names they have there: "csum_errors".
    std::vector<std::pair<std::string, std::uint64_t>> errors;
};

/// The records of /var/lib/btrfs/scrub.status.UUID; lines that are not understood are passed
/// over.
/// Source: btrfs-progs, cmds/scrub.c (scrub_write_progress), file version 1.
std::vector<ScrubRecord> parse_scrub_status(std::string_view text);

}  // namespace snapferry
