#pragma once

#include <chrono>
#include <vector>

#include "snapferry/core/rotation/rotation_standing.h"
#include "snapferry/send/rotation/rotation.h"

namespace snapferry::send {

/// Of those that have a calendar, in the order given. What cannot be looked at is unknown, and
/// keeps no other one.
std::vector<RotationStanding> how_rotations_stand(const std::vector<Rotation>& rotations,
                                                  std::chrono::sys_seconds now);

}  // namespace snapferry::send
