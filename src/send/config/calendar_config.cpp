#include "calendar_config.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"

namespace snapferry::send {

std::string read_calendar(const sys::ConfigTable& table, sys::CalendarJudge& calendars) {
    auto text = table.text("calendar").value_or("");
    if (!text.empty()) {
        try {
            calendars.require(text);
        } catch (const Failure& failure) {
            table.complain("calendar", fmt::format("{}; {}", failure.what(), failure.hint()));
        }
    }
    return text;
}

}  // namespace snapferry::send
