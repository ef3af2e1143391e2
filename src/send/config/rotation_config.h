#pragma once

#include <vector>

#include "snapferry/send/config/alert_settings.h"
#include "snapferry/send/rotation/rotation.h"
#include "snapferry/sys/config/config_file.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {

/// [snapshots.NAME] of send.toml, in the order of their names. Complains naming file, line and key.
std::vector<Rotation> read_rotations(const sys::ConfigTable& root, const HookSettings& hooks,
                                     sys::CalendarJudge& calendars);

}  // namespace snapferry::send
