#include "snapferry/core/restore/when.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include "snapferry/core/text/split.h"

namespace snapferry::restore {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr seconds end_of_day = days(1) - seconds(1);

/// "2 Days  ago" as "2", "days", "ago".
std::vector<std::string> words_of(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char byte) {
        return static_cast<char>(std::tolower(byte));
    });
    std::vector<std::string> words;
    for (const auto word : split(lower, ' ')) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

std::optional<int> number(std::string_view text) {
    constexpr std::size_t most_digits = 6;
    int value = 0;
    const auto* const end = text.data() + text.size();
    if (text.empty() || text.size() > most_digits ||
        !std::ranges::all_of(text, [](unsigned char byte) { return std::isdigit(byte) != 0; }) ||
        std::from_chars(text.data(), end, value).ptr != end) {
        return std::nullopt;
    }
    return value;
}

/// "14:30" or "14:30:05".
std::optional<seconds> parse_clock(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() < 2 || parts.size() > 3 ||
        std::ranges::any_of(parts, [](std::string_view part) { return part.size() != 2; })) {
        return std::nullopt;
    }
    const auto hour = number(parts[0]);
    const auto minute = number(parts[1]);
    const auto second = parts.size() == 3 ? number(parts[2]) : 0;
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    return hours(*hour) + minutes(*minute) + seconds(*second);
}

/// "2026-11-20".
std::optional<local_days> parse_date(std::string_view text) {
    const auto parts = split(text, '-');
    if (parts.size() != 3 || parts[0].size() != 4 || parts[1].size() != 2 || parts[2].size() != 2) {
        return std::nullopt;
    }
    const auto year = number(parts[0]);
    const auto month = number(parts[1]);
    const auto day = number(parts[2]);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    const auto date = std::chrono::year(*year) / *month / *day;
    return date.ok() ? std::optional(local_days(date)) : std::nullopt;
}

/// "Z" or "+01:00": how far ahead of UTC.
std::optional<seconds> parse_offset(std::string_view text) {
    if (text == "z") {
        return seconds(0);
    }
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) {
        return std::nullopt;
    }
    const auto ahead = parse_clock(text.substr(1));
    return !ahead ? ahead : text[0] == '-' ? -*ahead : *ahead;
}

/// Where the clocks went back, the second of two; where they went ahead, as if they had not.
sys_seconds in_zone(local_seconds local, const ZoneOffset& zone) {
    const sys_seconds as_utc(local.time_since_epoch());
    const auto later = as_utc - zone(as_utc + days(1));
    return later + zone(later) == as_utc ? later : as_utc - zone(as_utc - days(1));
}

/// What a text means, given now.
class Reading {
  public:
    Reading(sys_seconds now, const ZoneOffset& zone)
        : now_(now),
          zone_(zone),
          here_(local_seconds((now + zone(now)).time_since_epoch())),
          today_(std::chrono::floor<days>(here_)) {}

    [[nodiscard]] std::optional<sys_seconds> of(std::vector<std::string> words) const {
        if (words.size() == 1 && (words[0] == "now" || words[0] == "today")) {
            return now_;
        }
        if (words.size() == 3 && words[2] == "ago") {
            return ago(words[0], words[1]);
        }
        if (words.size() == 1) {
            if (const auto moment = iso(words[0])) {
                return moment;
            }
        }
        std::optional<seconds> clock;
        if (words.size() > 1 && words.back().find(':') != std::string::npos) {
            clock = parse_clock(words.back());
            if (!clock) {
                return std::nullopt;
            }
            words.pop_back();
            if (words.size() > 1 && words.back() == "at") {
                words.pop_back();
            }
        }
        const auto date = day(words);
        return date ? std::optional(in_zone(*date + clock.value_or(end_of_day), zone_))
                    : std::nullopt;
    }

  private:
    [[nodiscard]] std::optional<local_days> day(const std::vector<std::string>& words) const {
        if (words.size() == 1 && words[0] == "yesterday") {
            return today_ - days(1);
        }
        if (words.size() == 1 && words[0] == "today") {
            return today_;
        }
        if (words.size() == 1) {
            const auto date = parse_date(words[0]);
            return date ? date : weekday(words[0]);
        }
        return words.size() == 2 && words[0] == "last" ? weekday(words[1]) : std::nullopt;
    }

    [[nodiscard]] std::optional<local_days> weekday(std::string_view name) const {
        constexpr std::array<std::string_view, 7> names{
            "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
        const auto* const found = std::ranges::find(names, name);
        if (found == names.end()) {
            return std::nullopt;
        }
        const std::chrono::weekday wanted(static_cast<unsigned>(found - names.begin()));
        const auto yesterday = today_ - days(1);
        return yesterday - (std::chrono::weekday(yesterday) - wanted);
    }

    /// "2026-11-20T14:30:05+01:00", with less at the end.
    [[nodiscard]] std::optional<sys_seconds> iso(std::string_view text) const {
        constexpr std::size_t date_size = 10;
        if (text.size() <= date_size || text[date_size] != 't') {
            return std::nullopt;
        }
        const auto rest = text.substr(date_size + 1);
        const auto at = std::min(rest.find_first_of("z+-"), rest.size());
        const auto date = parse_date(text.substr(0, date_size));
        const auto clock = parse_clock(rest.substr(0, at));
        if (!date || !clock) {
            return std::nullopt;
        }
        if (at == rest.size()) {
            return in_zone(*date + *clock, zone_);
        }
        const auto ahead = parse_offset(rest.substr(at));
        return ahead ? std::optional(sys_seconds((*date + *clock).time_since_epoch()) - *ahead)
                     : std::nullopt;
    }

    [[nodiscard]] std::optional<sys_seconds> ago(std::string_view count,
                                                 std::string_view unit) const {
        const auto many = count == "a" || count == "an" ? std::optional(1) : number(count);
        if (!many) {
            return std::nullopt;
        }
        if (unit.ends_with('s')) {
            unit.remove_suffix(1);
        }
        if (unit == "minute") {
            return now_ - minutes(*many);
        }
        if (unit == "hour") {
            return now_ - hours(*many);
        }
        if (unit == "day") {
            return in_zone(here_ - days(*many), zone_);
        }
        if (unit == "week") {
            return in_zone(here_ - days(7 * *many), zone_);
        }
        constexpr int months_of_a_year = 12;
        const int months = unit == "month" ? *many : unit == "year" ? *many * months_of_a_year : 0;
        return unit == "month" || unit == "year" ? months_ago(months) : std::nullopt;
    }

    [[nodiscard]] std::optional<sys_seconds> months_ago(int count) const {
        constexpr int most = 12 * 1000;
        if (count > most) {
            return std::nullopt;
        }
        auto date = std::chrono::year_month_day(today_) - std::chrono::months(count);
        if (!date.ok()) {
            date = date.year() / date.month() / std::chrono::last;
        }
        return in_zone(local_days(date) + (here_ - today_), zone_);
    }

    sys_seconds now_;
    const ZoneOffset& zone_;
    local_seconds here_;
    local_days today_;
};

}  // namespace

std::optional<sys_seconds> parse_when(std::string_view text, sys_seconds now,
                                      const ZoneOffset& zone) {
    constexpr std::size_t longest = 64;  // bytes; no such text is longer
    auto words = words_of(text.substr(0, longest + 1));
    return text.size() > longest || words.empty() ? std::nullopt
                                                  : Reading(now, zone).of(std::move(words));
}

}  // namespace snapferry::restore
