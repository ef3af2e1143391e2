#include "snapferry/core/rotation/rotation_name.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/plan/newest.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::size_t size_with_offset = 25;  // bytes of "2021-08-17T07:00:01+00:00"
constexpr std::size_t size_of_zone = 20;      // bytes of "2021-08-17--07-00-01"
constexpr std::size_t size_without_offset = 19;

/// No end of a summer sets the clocks back by more.
constexpr std::chrono::hours longest_repetition{2};

/// A name that is less ahead of the clock than this surprises nobody.
constexpr std::chrono::minutes worth_a_word{1};

seconds no_offset(sys_seconds /*at*/) {
    return seconds{0};
}

std::size_t size_of_time(NameForm form) {
    return form == NameForm::with_offset ? size_with_offset : size_of_zone;
}

/// The time of the day and the date as a name writes them, whatever the offset: by these its bytes
/// are in order.
std::optional<seconds> written_time(std::string_view name) {
    const bool has_offset = time_in_name(name).has_value();
    const auto time =
        has_offset ? time_in_name(std::string(name.substr(0, size_without_offset)) + "+00:00")
                   : time_in_name(name, no_offset, {});
    return time ? std::optional(time->time_since_epoch()) : std::nullopt;
}

bool was_made_before(const LocalSnapshot& one, const LocalSnapshot& other) {
    return one.number < other.number;
}

/// The last one made that fits.
template <typename Fits>
const LocalSnapshot* last_made(std::span<const LocalSnapshot> snapshots, Fits fits) {
    const LocalSnapshot* last = nullptr;
    for (const auto& one : snapshots) {
        if (fits(one) && (last == nullptr || was_made_before(*last, one))) {
            last = &one;
        }
    }
    return last;
}

std::optional<NameForm> form_of_any(const LocalSnapshot& snapshot) {
    return form_of_rotated(snapshot.name.text(), tag_in(snapshot.name.text()));
}

/// How much later than `when` a name has to be to come after `newest`; 0 where it does.
seconds lag_behind(const LocalSnapshot& newest, const LocalMoment& when, NameForm form) {
    constexpr seconds one{1};
    if (newest.named && *newest.named >= when.at) {
        return *newest.named - when.at + one;
    }
    const auto written = written_time(newest.name.text());
    if (!written) {
        return seconds{0};
    }
    const auto lag = *written - (when.at.time_since_epoch() + when.offset);
    const bool is_a_repetition = form == NameForm::of_zone || lag <= longest_repetition;
    return lag >= seconds{0} && is_a_repetition ? lag + one : seconds{0};
}

bool can_be_written(const LocalMoment& when) {
    using namespace std::chrono;
    constexpr sys_days first{year(1970) / January / 1};
    constexpr sys_days after_last{year(10000) / January / 1};
    const auto local = when.at + when.offset;
    return local >= first && local < after_last;
}

std::string why_later(const std::optional<LocalSnapshot>& newest, seconds by) {
    return newest ? fmt::format(
                        "the clock says {} less than it takes to come after {}: it is named "
                        "for the second after that",
                        duration_text(by), escape_text(newest->name.text()))
                  : "the clock's own second is taken";
}

}  // namespace

std::optional<NameForm> form_of_rotated(std::string_view name, std::string_view tag) {
    for (const auto form : {NameForm::with_offset, NameForm::of_zone}) {
        const auto size = size_of_time(form);
        const bool ends_so = name.size() == size + 2 + tag.size() && name.substr(size, 2) == "-@" &&
                             name.substr(size + 2) == tag;
        if (ends_so && time_in_name(name).has_value() == (form == NameForm::with_offset) &&
            time_in_name(name, no_offset, {})) {
            return form;
        }
    }
    return std::nullopt;
}

NameForm form_in_use(std::span<const LocalSnapshot> snapshots, std::string_view tag) {
    const auto* last = last_made(snapshots, [&](const LocalSnapshot& one) {
        return form_of_rotated(one.name.text(), tag).has_value();
    });
    if (last == nullptr) {
        last = last_made(snapshots,
                         [](const LocalSnapshot& one) { return form_of_any(one).has_value(); });
    }
    return last == nullptr ? NameForm::with_offset : *form_of_any(*last);
}

std::string rotated_name(NameForm form, const LocalMoment& when, std::string_view tag) {
    using namespace std::chrono;
    const auto local = when.at + when.offset;
    const auto day = floor<days>(local);
    const year_month_day date(day);
    const hh_mm_ss time(local - day);
    const auto name = [&](std::string_view between, char separator) {
        return fmt::format("{:04}-{:02}-{:02}{}{:02}{}{:02}{}{:02}", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           between, time.hours().count(), separator, time.minutes().count(),
                           separator, time.seconds().count());
    };
    if (form == NameForm::of_zone) {
        return fmt::format("{}-@{}", name("--", '-'), tag);
    }
    const auto ahead = floor<minutes>(abs(when.offset));
    return fmt::format("{}{}{:02}:{:02}-@{}", name("T", ':'), when.offset < 0s ? '-' : '+',
                       ahead.count() / 60, ahead.count() % 60, tag);
}

std::variant<NewName, std::string> name_now(const NameSituation& situation) {
    const auto form = form_in_use(situation.snapshots, situation.tag);
    const auto newest = choose_newest(situation.snapshots, {}, situation.tag, situation.now).newest;
    const auto moment = [&](sys_seconds at) { return LocalMoment{at, situation.zone(at)}; };
    auto when = moment(situation.now);
    for (;;) {
        if (!can_be_written(when)) {
            return fmt::format("no name can say a time later than that of {}",
                               newest ? escape_text(newest->name.text()) : "what is there");
        }
        auto name = rotated_name(form, when, situation.tag);
        auto lag = newest ? lag_behind(*newest, when, form) : seconds{0};
        if (lag == seconds{0} && situation.taken.contains(name)) {
            lag = seconds{1};
        }
        if (lag == seconds{0}) {
            const auto by = when.at - situation.now;
            const auto parsed = SnapshotName::parse(name);
            if (!parsed) {
                return fmt::format("\"{}\" would be the name, and {}", escape_text(name),
                                   SnapshotName::fault(name));
            }
            return NewName{*parsed, when, by >= worth_a_word ? why_later(newest, by) : ""};
        }
        when = moment(when.at + lag);
    }
}

}  // namespace snapferry
