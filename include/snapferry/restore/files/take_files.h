#pragma once

#include "snapferry/restore/files/restore_here.h"

namespace snapferry::restore {

/// Restores files of a backup that another machine gives over these descriptors: give_files() is at
/// their other ends. What it says is checked, and nothing is written that was not asked for: it may
/// be anybody. Throws Failure: protocol where it says what it must not, connection where it ends.
RestoreOutcome take_files(int in, int out, const RestoreWish& wish, RestoreListener& listener);

}  // namespace snapferry::restore
