#pragma once

#include <memory>

#include "../steps/task.h"
#include "place.h"
#include "snapferry/core/setup/receiver_wishes.h"

/// The tasks keep a reference to the wishes.
namespace snapferry::setup {

/// A btrfs on the disk: what is there is taken as it is, unless a person has typed that it is to be
/// erased. Once that is done it is no longer wished.
std::unique_ptr<Task> filesystem_task(ReceiverWishes& wishes);

/// The line of /etc/fstab.
std::unique_ptr<Task> fstab_task(ReceiverWishes& wishes);

/// The disk is mounted.
std::unique_ptr<Task> mount_task(ReceiverWishes& wishes);

/// target_dir is there, and root's.
std::unique_ptr<Task> directory_task(ReceiverWishes& wishes);

}  // namespace snapferry::setup
