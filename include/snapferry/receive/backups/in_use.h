#pragma once

#include <filesystem>
#include <optional>

#include "snapferry/sys/files/unique_fd.h"

/// Who reads a backup for a long time, and who deletes one, keep out of each other's way by a lock
/// (flock(2)) on its directory: it leaves no trace, works on a disk that is read-only, and ends
/// with whoever held it.
namespace snapferry::receive {

/// While it lives, nobody prunes the backup.
class BackupInUse {
  public:
    /// Throws Failure: busy where it is being deleted at this moment, configuration where it is
    /// gone.
    explicit BackupInUse(const std::filesystem::path& snapshot);

  private:
    sys::UniqueFd directory_;
};

/// For who is about to delete the backup: nobody reads it, and who begins now is told. Empty where
/// somebody does.
std::optional<sys::UniqueFd> claim_unused(const std::filesystem::path& snapshot);

}  // namespace snapferry::receive
