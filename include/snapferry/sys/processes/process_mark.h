#pragma once

#include "snapferry/core/status/under_way.h"

namespace snapferry::sys {

/// Of this process. Zeros where /proc does not tell.
ProcessMark own_mark();

/// Whether that very process is there, and not another one with its number.
bool is_alive(const ProcessMark& mark);

}  // namespace snapferry::sys
