#include "snapferry/sys/machine/local_time.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <string_view>

namespace snapferry::sys {
namespace {

std::tm local_fields(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    const std::time_t clock = seconds;
    std::tm fields{};
    (void)::localtime_r(&clock, &fields);
    return fields;
}

std::string text_of(WallTime time, std::string_view between, std::string_view before_offset) {
    const auto at = local_fields(time);
    const auto minutes = at.tm_gmtoff / 60;
    return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}{}{:02}:{:02}", at.tm_year + 1900,
                       at.tm_mon + 1, at.tm_mday, between, at.tm_hour, at.tm_min, at.tm_sec,
                       before_offset, minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                       std::abs(minutes) % 60);
}

}  // namespace

std::string local_time_text(WallTime time) {
    return text_of(time, " ", " ");
}

std::string local_time_iso(WallTime time) {
    return text_of(time, "T", "");
}

std::chrono::seconds local_offset(WallTime time) {
    return std::chrono::seconds(local_fields(time).tm_gmtoff);
}

}  // namespace snapferry::sys
