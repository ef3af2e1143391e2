#pragma once

#include <string>

#include "snapferry/sys/config/config_file.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {

/// `calendar`, judged; empty where the table has none. Complains naming file, line and key.
std::string read_calendar(const sys::ConfigTable& table, sys::CalendarJudge& calendars);

}  // namespace snapferry::send
