#pragma once

#include <span>
#include <string>

#include "snapferry/core/disk/health.h"

namespace snapferry {

/// What the devices' counters say was lost of what was written between two looks; empty where
/// nothing was. Errors of reading are no loss of what is written: whoever reads hears of them. A
/// device that went missing is.
std::string write_loss(std::span<const DeviceErrors> before, std::span<const DeviceErrors> after);

}  // namespace snapferry
