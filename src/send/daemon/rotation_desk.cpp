#include "snapferry/send/daemon/rotation_desk.h"

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

#include "snapferry/core/log/run_log.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// The clock may be set at any time: then the calendar's next time comes sooner or later.
constexpr seconds longest_wait{30};

double random_share() {
    std::random_device random;
    return std::uniform_real_distribution<double>(0, 1)(random);
}

Schedule schedule_of(const Rotation& rotation) {
    Schedule schedule;
    schedule.on_change = false;
    schedule.calendar = rotation.calendar;
    return schedule;
}

RunReport report_of(const Rotation& rotation) {
    RunReport report;
    report.job = rotation.name;
    return report;
}

}  // namespace

RotationDesk::RotationDesk(Means means, WhenDone when_done, Log& log)
    : means_(std::move(means)), when_done_(std::move(when_done)), log_(log) {}

void RotationDesk::set(const std::vector<Rotation>& rotations) {
    const std::lock_guard changing(mutex_);
    auto& wanted = new_ones_.emplace();
    std::copy_if(rotations.begin(), rotations.end(), std::back_inserter(wanted),
                 [](const Rotation& one) { return !one.calendar.empty(); });
    if (!wanted.empty() && !thread_.joinable()) {
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    bell_.notify_all();
}

void RotationDesk::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        take_over_new_ones(sys::now());
        note_clock(sys::now());
        for (auto& entry : entries_) {
            if (stop.stop_requested()) {
                return;
            }
            plan_calendar(entry, sys::now());
            do_what_is_due(entry, sys::now());
        }
        std::unique_lock waiting(mutex_);
        (void)bell_.wait_for(waiting, stop, patience(sys::now()),
                             [&] { return new_ones_.has_value(); });
    }
}

void RotationDesk::take_over_new_ones(const Moment& now) {
    const std::lock_guard taking(mutex_);
    if (!new_ones_) {
        return;
    }
    std::vector<Entry> entries;
    entries.reserve(new_ones_->size());
    for (auto& rotation : *new_ones_) {
        const auto before = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
            return entry.rotation == rotation;
        });
        if (before != entries_.end()) {
            entries.push_back(*before);
        } else {
            Agenda agenda(schedule_of(rotation), now);
            entries.push_back({std::move(rotation), std::move(agenda)});
        }
    }
    entries_ = std::move(entries);
    new_ones_.reset();
}

void RotationDesk::note_clock(const Moment& now) {
    if (const auto by = clock_.jump(now)) {
        for (auto& entry : entries_) {
            entry.agenda.clock_was_set(*by, now);
            entry.plan.clock_was_set(now);
        }
    }
}

void RotationDesk::plan_calendar(Entry& entry, const Moment& now) {
    const auto& calendar = entry.rotation.calendar;
    if (entry.plan.is_to_be_asked(now)) {
        try {
            entry.plan.answered(means_.times(calendar, {}), now);
        } catch (const std::exception& failure) {
            const auto pause = entry.plan.failed(now);
            log_.warning("{}; what is known of \"{}\" goes on to count; asking again in {}",
                         failure.what(), escape_text(calendar), duration_text(pause));
        }
    }
    if (!entry.agenda.wants_calendar_time(now)) {
        return;
    }
    if (const auto next = entry.plan.next_after(now.wall)) {
        entry.agenda.set_calendar_time(next, 0);
    } else if (entry.plan.never_comes(now)) {
        entry.agenda.set_calendar_time({}, 0);
    }
}

/// At the start, and after another run was at work, it is asked whether one is missing.
void RotationDesk::do_what_is_due(Entry& entry, const Moment& now) {
    const auto due = entry.agenda.due(now);
    if (!due || *due > now.steady) {
        return;
    }
    const auto reason = entry.agenda.reason(now);
    const bool is_its_time = reason == "the calendar" || reason == "trying again";
    if (is_its_time || has_missed_one(entry, now)) {
        rotate_now(entry);
    } else {
        entry.agenda.ended(true, false, sys::now(), 0);
    }
    plan_calendar(entry, sys::now());
}

void RotationDesk::rotate_now(Entry& entry) {
    try {
        const auto trouble = means_.rotate(entry.rotation);
        entry.agenda.ended(true, false, sys::now(), 0);  // its snapshot is made
        if (trouble) {
            tell(entry, *trouble);
        } else {
            when_done_(entry.rotation, nullptr);
        }
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::busy) {
            entry.agenda.postponed(sys::now(), random_share());
            return;
        }
        entry.agenda.ended(false, false, sys::now(), random_share());
        tell(entry, failure);
    } catch (const std::exception& failure) {
        entry.agenda.ended(false, false, sys::now(), random_share());
        tell(entry, Failure(ExitCode::internal, escape_text(failure.what())));
    }
}

/// Where that cannot be told, a snapshot too many is better than one that is not there.
bool RotationDesk::has_missed_one(const Entry& entry, const Moment& now) {
    try {
        const auto last = means_.last_rotated(entry.rotation);
        if (!last) {
            return true;
        }
        const auto times = means_.times(entry.rotation.calendar, *last);
        return !times.empty() && times.front() <= now.wall;
    } catch (const std::exception&) {
        return true;
    }
}

void RotationDesk::tell(const Entry& entry, const Failure& failure) {
    const auto report = report_of(entry.rotation);
    RunLog(report, log_)
        .error("snapshots of {}: {}", escape_text(entry.rotation.subvolume.native()),
               failure_text(failure));
    when_done_(entry.rotation, &failure);
}

milliseconds RotationDesk::patience(const Moment& now) const {
    milliseconds patience = longest_wait;
    for (const auto& entry : entries_) {
        if (const auto due = entry.agenda.due(now)) {
            patience = std::min(patience, *due - now.steady);
        }
    }
    return std::max(patience, milliseconds{0});
}

}  // namespace snapferry::send
