#pragma once

#include <functional>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"

/// Whether the backup disk is there, and fit to be written to. All of it looks, and changes nothing
/// but that an automount is mounted. The failures are directory_missing, or configuration where
/// receive.toml must be mended.
namespace snapferry::receive {

/// Throws Failure where the backup disk is not mounted, or target_dir is not on it.
void require_backup_disk(const Config& config);

/// What keeps a mounted disk from being written to: it is read-only, a device of it is missing, it
/// does not answer, or target_dir cannot be changed. Nothing where all is well.
std::optional<Failure> disk_trouble(const Config& config);

/// Throws Failure where the disk is not mounted, or has any such trouble.
void require_sound_disk(const Config& config);

/// Throws Failure (configuration) where a directory of the tag lies on another mount than
/// target_dir: snapshots cannot be made from one to the other, and the sealed room cannot hold it.
void require_on_the_disk(const Config& config, const Target& target);

/// Does `work`. Where it fails, and the disk is no longer there or fit to be written to, that is
/// the Failure that is thrown (directory_missing), with what failed.
void blaming_the_disk(const Config& config, const std::function<void()>& work);

}  // namespace snapferry::receive
