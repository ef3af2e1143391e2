#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/names/uuid.h"

/// Subvolumes of a mounted btrfs. Every function throws Failure naming the path; the exit code is
/// `code`, which tells whose side it is (`sending` at the sender), or no_space where the disk is
/// full.
namespace snapferry::btrfs {

struct SubvolumeInfo {
    std::uint64_t id = 0;
    Uuid uuid;
    Uuid parent_uuid;    ///< of the subvolume it is a snapshot of; null where it is none
    Uuid received_uuid;  ///< null where it was not received, or was made writable since
    bool read_only = false;
    std::uint64_t changed = 0;   ///< transaction of the last change of content (ctransid)
    std::uint64_t created = 0;   ///< transaction of its creation (otransid)
    std::uint64_t received = 0;  ///< transaction in which received_uuid was set (rtransid)
    std::uint64_t sent = 0;      ///< transaction of its last change where it was sent (stransid)
    std::chrono::sys_seconds creation_time;  ///< by the clock of this machine
};

/// Nothing where the path is no subvolume's root, or does not exist (any more).
std::optional<SubvolumeInfo> subvolume_info(const std::filesystem::path& path,
                                            ExitCode code = ExitCode::receiving);

/// True where the path lies on btrfs.
bool is_on_btrfs(const std::filesystem::path& path);

void create_subvolume(const std::filesystem::path& path, ExitCode code = ExitCode::receiving);

/// A snapshot of `source` at `path`, which must not exist.
void create_snapshot(const std::filesystem::path& source, const std::filesystem::path& path,
                     bool read_only, ExitCode code = ExitCode::receiving);

/// Deletes a subvolume and what subvolumes lie in it. Not durable before a sync (durability.h).
void delete_subvolume(const std::filesystem::path& path, ExitCode code = ExitCode::receiving);

/// Deletes a subvolume, and none that lies in it: with such a one it fails. False where the
/// kernel's send is reading it, which it is left to. Not durable before a sync.
[[nodiscard]] bool delete_lone_subvolume(const std::filesystem::path& path,
                                         ExitCode code = ExitCode::receiving);

void set_read_only(const std::filesystem::path& path, bool read_only,
                   ExitCode code = ExitCode::receiving);

/// Sets the received uuid of a writable subvolume, and the sender's transaction that it stands for
/// (BTRFS_IOC_SET_RECEIVED_SUBVOL).
void set_received_uuid(const std::filesystem::path& path, const Uuid& uuid,
                       std::uint64_t sender_transid, ExitCode code = ExitCode::receiving);

/// Writes out what there is, so that space and transactions are what they will be. It proves
/// nothing about what is on the disk: see durability.h.
void commit_transaction(const std::filesystem::path& path, ExitCode code = ExitCode::receiving);

/// Waits, at most this long, until the space of deleted subvolumes has come back. False where some
/// is still to come.
bool wait_for_space(const std::filesystem::path& path, std::chrono::seconds patience,
                    ExitCode code = ExitCode::receiving);

/// Exchanges two entries of one directory in one step (RENAME_EXCHANGE).
void exchange(const std::filesystem::path& a, const std::filesystem::path& b);

struct Space {
    std::uint64_t free = 0;   ///< bytes that data can still take, as statfs estimates
    std::uint64_t total = 0;  ///< bytes
};
Space space_of(const std::filesystem::path& path, ExitCode code = ExitCode::receiving);

}  // namespace snapferry::btrfs
