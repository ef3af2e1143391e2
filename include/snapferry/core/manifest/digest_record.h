#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/names/uuid.h"

/// What is remembered of inodes, so that their contents need not be read again: docs/manifest.md,
/// "What is remembered".
namespace snapferry::manifest {

/// Where any of it has changed, so may the contents have.
struct InodeState {
    std::uint64_t inode = 0;
    std::uint32_t generation = 0;  ///< the transaction that made it, its lower bits
    std::uint64_t size = 0;        ///< bytes
    Time changed{};                ///< ctime: the inode itself, or its contents

    friend bool operator==(const InodeState&, const InodeState&) = default;
};

struct DigestRecord {
    InodeState state;
    std::optional<Digest> contents{};
    std::optional<Digest> xattrs{};

    friend bool operator==(const DigestRecord&, const DigestRecord&) = default;
};

/// Whether a digest may be remembered by this time: what was changed when the snapshot was just
/// being taken could be changed once more within the same tick of the clock, and would look the
/// same in the next snapshot. `taken`: in whole seconds; nothing where that is not known.
bool is_settled(const Time& changed, std::optional<std::chrono::sys_seconds> taken);

// ---- the file --------------------------------------------------------------------------------

inline constexpr std::size_t record_size = 104;   // bytes
inline constexpr std::size_t most_lineage = 16;   // uuids
inline constexpr std::size_t header_size = 280;   // bytes
inline constexpr std::size_t checksum_size = 32;  // bytes: StreamDigest, as text, at the end
inline constexpr std::size_t inode_size = 8;      // bytes; a record begins with it

struct DigestHeader {
    std::uint64_t records = 0;
    std::vector<Uuid> lineage{};  ///< most_lineage at most; the first are kept

    friend bool operator==(const DigestHeader&, const DigestHeader&) = default;
};

std::array<std::byte, header_size> header_bytes(const DigestHeader& header);

/// Nothing where it is of another version, or none.
std::optional<DigestHeader> header_from(std::span<const std::byte, header_size> bytes);

std::array<std::byte, record_size> record_bytes(const DigestRecord& record);
DigestRecord record_from(std::span<const std::byte, record_size> bytes);
std::uint64_t inode_in(std::span<const std::byte, record_size> bytes);

/// The size of the whole file.
std::uint64_t file_size_of(const DigestHeader& header);

}  // namespace snapferry::manifest
