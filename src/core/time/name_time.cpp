#include "snapferry/core/time/name_time.h"

#include <array>
#include <cctype>
#include <cstddef>

namespace snapferry {
namespace {

using std::chrono::sys_seconds;

// 0 stands for any digit, and + for either sign.
constexpr std::string_view form_with_offset = "0000-00-00T00:00:00+00:00";
constexpr std::string_view form_of_zone = "0000-00-00--00-00-00";

bool has_form(std::string_view text, std::string_view form) {
    if (text.size() < form.size()) {
        return false;
    }
    for (std::size_t index = 0; index < form.size(); ++index) {
        const char wanted = form[index];
        const char found = text[index];
        const bool fits = wanted == '0'   ? std::isdigit(static_cast<unsigned char>(found)) != 0
                          : wanted == '+' ? found == '+' || found == '-'
                                          : found == wanted;
        if (!fits) {
            return false;
        }
    }
    return true;
}

int number_at(std::string_view text, std::size_t begin, std::size_t count) {
    int number = 0;
    for (const char digit : text.substr(begin, count)) {
        number = number * 10 + (digit - '0');
    }
    return number;
}

/// The date at the beginning and the time from `clock` on, as if it were UTC.
std::optional<sys_seconds> date_and_time(std::string_view name, std::size_t clock) {
    using namespace std::chrono;
    const auto part = [&](std::size_t begin) { return number_at(name, begin, 2); };
    const year_month_day day(year(number_at(name, 0, 4)), month(static_cast<unsigned>(part(5))),
                             std::chrono::day(static_cast<unsigned>(part(8))));
    const int hour = part(clock);
    const int minute = part(clock + 3);
    const int second = part(clock + 6);
    if (!day.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    return sys_days(day) + hours(hour) + minutes(minute) + seconds(second);
}

/// A zone has one of two offsets around a change; in the hour that comes twice, both fit.
sys_seconds in_zone(sys_seconds as_utc, const ZoneOffset& zone, sys_seconds about) {
    constexpr std::chrono::hours surely_before{24};
    const std::array candidates{as_utc - zone(as_utc - surely_before),
                                as_utc - zone(as_utc + surely_before)};
    const auto fits = [&](sys_seconds time) { return time + zone(time) == as_utc; };
    const auto distance = [&](sys_seconds time) {
        return time < about ? about - time : time - about;
    };
    const auto& [one, other] = candidates;
    if (fits(one) && fits(other)) {
        return distance(one) <= distance(other) ? one : other;
    }
    return fits(other) ? other : one;
}

}  // namespace

std::optional<sys_seconds> time_in_name(std::string_view name) {
    using namespace std::chrono;
    constexpr std::size_t clock = 11;
    constexpr std::size_t sign = 19;
    if (!has_form(name, form_with_offset)) {
        return std::nullopt;
    }
    const auto local = date_and_time(name, clock);
    const auto ahead = hours(number_at(name, sign + 1, 2)) + minutes(number_at(name, sign + 4, 2));
    if (!local) {
        return std::nullopt;
    }
    return name[sign] == '-' ? *local + ahead : *local - ahead;
}

std::optional<sys_seconds> time_in_name(std::string_view name, const ZoneOffset& zone,
                                        sys_seconds about) {
    constexpr std::size_t clock = 12;
    if (const auto time = time_in_name(name)) {
        return time;
    }
    const auto local = has_form(name, form_of_zone) ? date_and_time(name, clock) : std::nullopt;
    return local ? std::optional(in_zone(*local, zone, about)) : std::nullopt;
}

}  // namespace snapferry
