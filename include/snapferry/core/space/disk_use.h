#pragma once

#include <cstdint>
#include <string>

#include "snapferry/core/space/reserve.h"

/// How much of a btrfs disk is still free, when what is on its way is counted too.
namespace snapferry {

/// bytes. What statfs tells lags behind: what is written gets its place later.
struct DiskUse {
    std::uint64_t free = 0;  ///< that data can still take, as statfs estimates
    std::uint64_t total = 0;
    std::uint64_t placed = 0;          ///< data whose place is chosen, and that `free` still holds
    std::uint64_t written = 0;         ///< data without a place yet: it may shrink (compression)
    std::uint64_t data_unused = 0;     ///< within what the disk has set aside for data
    std::uint64_t metadata_total = 0;  ///< set aside for metadata
    std::uint64_t metadata_used = 0;   ///< of that
    std::uint64_t metadata_copies = 1;
    std::uint64_t metadata_chunk = 0;  ///< what is set aside next, once
};

/// bytes; what metadata is about to take from what is free: btrfs sets it aside in large pieces,
/// each before the one before is full. 0 while less than half of it is used.
std::uint64_t next_metadata(const DiskUse& use);

/// bytes free once all has its place that is certain to get one.
std::uint64_t certainly_free(const DiskUse& use);

/// bytes free even where nothing of what was written shrinks.
std::uint64_t free_at_least(const DiskUse& use);

/// "the backup disk has too little space: 20 MiB free, and 40 MiB are kept in reserve". `more`:
/// bytes that were about to be taken at once.
std::string shortage_text(const DiskUse& use, const Reserve& reserve, std::uint64_t more = 0);

}  // namespace snapferry
