#pragma once

#include "snapferry/send/rotation/rotation.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::send {

/// Held while snapshots of one tag in one directory are rotated. Throws Failure (busy) where
/// another run is at it.
sys::FileLock lock_rotation(const Rotation& rotation);

}  // namespace snapferry::send
