#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/sys/files/unique_fd.h"

/// The manifests of a tag's backups, beside them: each in a file of its own, packed, named by the
/// backup's copy. So it is the backup's whatever that is called, and nothing has to be parsed to
/// know which have one. They came from the sender: whoever reads one reads hostile input.
namespace snapferry::receive {

/// target_dir/.snapferry/TAG.manifests/COPY
std::filesystem::path manifest_of(const std::filesystem::path& manifests, const Uuid& copy);

/// Throws nothing: what cannot be looked at is there.
bool manifest_is_there(const std::filesystem::path& manifests, const Uuid& copy);

/// The copies that have one. Throws Failure (receiving) where the directory cannot be read.
std::set<Uuid> copies_with_manifest(const std::filesystem::path& manifests);

/// One that arrives: nobody sees it before keep(). What is given up, or was killed, leaves nothing
/// that looks like one.
class ArrivingManifest {
  public:
    /// Makes the directory where it is missing. Every failure is Failure (receiving).
    ArrivingManifest(const std::filesystem::path& manifests, const Uuid& copy);
    ~ArrivingManifest();
    ArrivingManifest(const ArrivingManifest&) = delete;
    ArrivingManifest& operator=(const ArrivingManifest&) = delete;

    /// More of it, packed.
    void write(std::span<const std::byte> bytes);

    /// Replaces what the copy had. Durable on return.
    void keep();

  private:
    std::filesystem::path place_;
    std::filesystem::path fresh_;
    sys::UniqueFd file_;
};

/// The same manifest for a copy of the same content: a hard link. Where there is none at `from`, or
/// one at `to`, nothing. Durable on return. Throws Failure (receiving).
void share_manifest(const std::filesystem::path& from, const std::filesystem::path& to);

/// Deletes all but those of these copies, and what was left of one that did not arrive. Throws
/// Failure (receiving).
void leave_manifests_of(const std::set<Uuid>& copies, const std::filesystem::path& manifests);

/// Deletes the manifests of what is no longer there: no subvolume of `snapshots`, whatever it is by
/// now, is the copy. The tag's lock is held by the user. Never throws: what cannot be deleted is
/// told of, and the next run tries again.
void tidy_manifests(const std::filesystem::path& manifests, const std::filesystem::path& snapshots,
                    Log& log);

}  // namespace snapferry::receive
