#pragma once

#include "snapferry/core/names/uuid.h"

namespace snapferry::sys {

/// A fresh random (version 4) uuid from the kernel.
Uuid random_uuid();

}  // namespace snapferry::sys
