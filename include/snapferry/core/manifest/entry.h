#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// What a snapshot holds, entry by entry, so that a backup can be compared with its source:
/// docs/manifest.md.
namespace snapferry::manifest {

enum class Kind { directory, file, symlink, fifo, socket, block_device, character_device };

using Digest = std::array<std::byte, 32>;  ///< SHA-256

/// As the kernel has it; the nanoseconds are 0 to 999,999,999.
struct Time {
    std::int64_t seconds = 0;  ///< since 1970, also before
    std::uint32_t nanoseconds = 0;

    friend bool operator==(const Time&, const Time&) = default;
};

struct Device {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;

    friend bool operator==(const Device&, const Device&) = default;
};

struct Entry {
    /// From the top of the snapshot, in the bytes of the disk, without "./"; empty for the top
    /// itself.
    std::string path;
    Kind kind = Kind::file;
    std::uint32_t mode = 0;  ///< the lower twelve bits
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    Time modified{};
    std::optional<std::uint64_t> size{};  ///< of a file, bytes
    std::optional<Digest> contents{};     ///< of a file
    std::optional<std::string> target{};  ///< of a symlink, in the bytes of the disk
    std::optional<Device> device{};       ///< of a device
    /// Entries that are one inode have the same number: 1 for the first such inode, and so on.
    /// Nothing where there is one name only.
    std::optional<std::uint64_t> group{};
    std::optional<Digest> xattrs{};  ///< of all extended attributes, ACLs among them; none: nothing

    friend bool operator==(const Entry&, const Entry&) = default;
};

/// Whether `first` stands before `second` in a manifest: a directory before what it holds, what one
/// directory holds in the order of the bytes of the names.
bool stands_before(const std::string& first, const std::string& second);

}  // namespace snapferry::manifest
