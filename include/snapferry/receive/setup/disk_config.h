#pragma once

#include <filesystem>

#include "snapferry/receive/setup/config.h"

namespace snapferry::receive {

/// What there is to know of a backup disk that is mounted in any machine, with nothing configured:
/// where the backups are. `directory` is the disk's mount point, or the target_dir that it had. The
/// policy is not known: this is for who only looks. Nothing is written, and the disk may be mounted
/// read-only. Throws Failure: not_root, or directory_missing where there are no backups, or where
/// several directories have some.
Config config_of_disk(const std::filesystem::path& directory);

}  // namespace snapferry::receive
