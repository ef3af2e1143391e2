#pragma once

#include <map>
#include <span>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/retention.h"

namespace snapferry {

/// When each backup of a tag arrived, in counted time: by the uuid of the copy itself, which no
/// sender can choose and no other copy has.
using Arrivals = std::map<Uuid, CountedTime>;

/// What is to be written down for these backups (newest arrival first), given what was. One that
/// was never noted arrived now, or before the next newer one; a note from the future is as good as
/// none. So a note that is lost makes a backup younger, and never older. What is gone is left out.
Arrivals arrivals_of(std::span<const Backup> backups, const Arrivals& noted, CountedTime now);

}  // namespace snapferry
