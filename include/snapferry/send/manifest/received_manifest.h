#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/send/manifest/made_manifest.h"

namespace snapferry::send {

/// Where the snapshots are backups that this machine has received itself: the manifest that came
/// with this one, or with what it is a pin of, as it lies beside the backups. It says what the
/// first machine had, which one that is made here could not. Nothing where none has come, it is not
/// whole, or the backup is gone or was changed since it was received. `meanwhile` is called again
/// and again, and may throw to end it.
std::optional<MadeManifest> received_manifest(const std::filesystem::path& snapshot_dir,
                                              const LocalSnapshot& snapshot, Log& log,
                                              const std::function<void()>& meanwhile);

}  // namespace snapferry::send
