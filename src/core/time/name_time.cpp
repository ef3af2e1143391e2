#include "snapferry/core/time/name_time.h"

#include <cctype>
#include <cstddef>

namespace snapferry {
namespace {

// 0 stands for any digit, and + for either sign.
constexpr std::string_view form = "0000-00-00T00:00:00+00:00";

bool has_form(std::string_view text) {
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

}  // namespace

std::optional<std::chrono::sys_seconds> time_in_name(std::string_view name) {
    using namespace std::chrono;
    if (name.size() < form.size() || !has_form(name)) {
        return std::nullopt;
    }
    const auto part = [&](std::size_t begin) { return number_at(name, begin, 2); };
    const year_month_day day(year(number_at(name, 0, 4)), month(static_cast<unsigned>(part(5))),
                             std::chrono::day(static_cast<unsigned>(part(8))));
    const int hour = part(11);
    const int minute = part(14);
    const int second = part(17);
    if (!day.ok() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    const auto ahead = hours(part(20)) + minutes(part(23));
    const auto local = sys_days(day) + hours(hour) + minutes(minute) + seconds(second);
    return name[19] == '-' ? local + ahead : local - ahead;
}

}  // namespace snapferry
