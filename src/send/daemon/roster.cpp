#include "snapferry/send/daemon/roster.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::send {
namespace {

using std::chrono::seconds;

/// Events can be missed (a disk that was not mounted, a queue that overflowed): so long at most.
constexpr std::chrono::minutes look_around_interval{5};

double random_share() {
    std::random_device random;
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

Roster::Roster(Calendars::Read read_calendar, AgeOf age_of, Log& log)
    : age_of_(std::move(age_of)), log_(log), calendars_(std::move(read_calendar), log) {}

void Roster::set(const std::vector<Job>& jobs, const Moment& now) {
    std::vector<Entry> entries;
    entries.reserve(jobs.size());
    for (const auto& job : jobs) {
        entries.push_back(made_of(job, now));
    }
    for (const auto& entry : entries_) {
        const bool stays = std::any_of(jobs.begin(), jobs.end(),
                                       [&](const Job& job) { return job.name == entry.job->name; });
        if (!stays && is_at_work(entry.state)) {
            entries.push_back(entry);
            entries.back().state = after(JobEvent::removed, entry.state);
        }
    }
    calendars_.set(jobs);
    for (auto& entry : entries) {
        plan_calendar(entry, now);  // of what is known already
    }
    entries_ = std::move(entries);
    look_around_at_ = now.steady;
}

/// Of what is known of a job of this name.
Roster::Entry Roster::made_of(const Job& job, const Moment& now) {
    const auto* const before = find(job.name);
    if (before != nullptr && *before->job == job && is_configured(before->state)) {
        return *before;
    }
    Entry entry{std::make_shared<const Job>(job), Agenda(job.schedule, now)};
    entry.allowed = age_of_(job);
    if (before != nullptr) {
        entry.state = after(JobEvent::reconfigured, before->state);
        if (identity_of(*before->job) == identity_of(job)) {
            entry.stale = before->stale;
        }
    }
    return entry;
}

Roster::Entry* Roster::find(const std::string& name) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.job->name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

void Roster::note_changes(const std::set<std::filesystem::path>& directories, const Moment& now) {
    for (auto& entry : entries_) {
        if (directories.contains(entry.job->snapshot_dir)) {
            entry.lookout.note_event(*entry.job, now.steady);
        }
    }
}

void Roster::tend(const Moment& now) {
    note_clock(now);
    look_around(now);
    if (const auto expression = calendars_.ask_one(now)) {
        for (auto& entry : entries_) {
            if (entry.job->schedule.calendar == *expression) {
                plan_calendar(entry, now);
            }
        }
    }
}

void Roster::look_around(const Moment& now) {
    const bool everywhere = now.steady >= look_around_at_;
    for (auto& entry : entries_) {
        if ((everywhere || entry.lookout.is_due(now.steady)) &&
            entry.lookout.look(*entry.job, now.steady, log_)) {
            entry.agenda.change_seen(now);
        }
    }
    if (everywhere) {
        look_around_at_ = now.steady + look_around_interval;
    }
}

void Roster::note_clock(const Moment& now) {
    const auto by = clock_.jump(now);
    if (!by) {
        return;
    }
    const bool is_ahead = *by > seconds{0};
    log_.info("the clock was set {} by {}: times of the day are looked up anew",
              is_ahead ? "ahead" : "back", duration_text(is_ahead ? *by : -*by));
    for (auto& entry : entries_) {
        entry.agenda.clock_was_set(*by, now);
    }
    calendars_.clock_was_set(now);
}

void Roster::plan_calendar(Entry& entry, const Moment& now) {
    const auto* const plan = calendars_.find(entry.job->schedule.calendar);
    if (plan == nullptr || !entry.agenda.wants_calendar_time(now)) {
        return;
    }
    if (const auto next = plan->next_after(now.wall)) {
        entry.agenda.set_calendar_time(next, random_share());
    } else if (plan->never_comes(now)) {
        entry.agenda.set_calendar_time({}, 0);
        log_.warning("{}: calendar = \"{}\" names no time that is still to come", entry.job->name,
                     escape_text(entry.job->schedule.calendar));
    }
}

std::vector<std::shared_ptr<const Job>> Roster::due(const Moment& now) const {
    std::vector<std::pair<BootTime, std::shared_ptr<const Job>>> found;
    for (const auto& entry : entries_) {
        const auto at = entry.agenda.due(now);
        if (!is_at_work(entry.state) && at && *at <= now.steady) {
            found.emplace_back(*at, entry.job);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<std::shared_ptr<const Job>> jobs;
    jobs.reserve(found.size());
    for (auto& [at, job] : found) {
        jobs.push_back(std::move(job));
    }
    return jobs;
}

void Roster::began(const Job& job, const Moment& now) {
    if (auto* const entry = find(job.name)) {
        entry->state = after(JobEvent::began, entry->state);
        entry->lookout.run_began(job, now.steady, log_);
    }
}

void Roster::ended(const RunReport& report, std::uint64_t began_at, const Moment& now) {
    auto* const entry = find(report.job);
    if (entry == nullptr) {
        return;
    }
    const bool is_about_this = report.identity == identity_of(*entry->job);  // since a reload
    entry->allowed = age_of_(*entry->job);
    if (const auto* const newest = report.newest.snapshot(); is_about_this && newest != nullptr) {
        entry->stale.found(now.wall - std::chrono::floor<seconds>(newest->taken), now.steady);
    } else if (is_about_this && report.newest.is_nothing()) {
        entry->stale.found_nothing();
    }
    // What ran by other settings says nothing of when to run by those of now: that is at once.
    const bool is_of_now = entry->state == JobState::running;
    entry->state = after(JobEvent::ended, entry->state);
    if (report.outcome == ExitCode::busy) {
        note_busy(*entry, report, is_of_now, now);
    } else if (is_of_now) {
        note_end(*entry, report, began_at, now);
    }
    drop_what_is_gone();
}

void Roster::note_busy(Entry& entry, const RunReport& report, bool is_of_now, const Moment& now) {
    if (is_of_now) {
        entry.agenda.postponed(now, random_share());
    }
    const auto next = entry.agenda.due(now).value_or(now.steady);
    const auto wait = std::max(std::chrono::ceil<seconds>(next - now.steady), seconds{0});
    const bool is_news = entry.busy_with != report.error;  // a pause may last for days
    entry.busy_with = report.error;
    log_.write(is_news ? Severity::warning : Severity::debug,
               fmt::format("{}: {}; trying again in {}", entry.job->name, report.error,
                           duration_text(wait)));
}

void Roster::note_end(Entry& entry, const RunReport& report, std::uint64_t began_at,
                      const Moment& now) {
    const bool well = report.outcome == ExitCode::done;
    const bool got_further = !well && entry.headway.gets_further(report.snapshot, began_at);
    if (well) {
        entry.headway = Headway();
    }
    entry.busy_with.clear();
    entry.agenda.ended(well, got_further, now, random_share());
    plan_calendar(entry, now);
    if (entry.lookout.look_after_run(*entry.job, report, now.steady, log_)) {
        entry.agenda.change_seen(now);
    }
}

void Roster::drop_what_is_gone() {
    std::erase_if(entries_, [](const Entry& entry) { return entry.state == JobState::gone; });
}

/// Not amid a run, which tells by itself.
std::optional<BootTime> Roster::stale_from(const Entry& entry, const Moment& now) {
    return entry.state == JobState::resting ? entry.stale.due(entry.allowed, now.steady)
                                            : std::nullopt;
}

std::vector<Roster::Stale> Roster::take_stale(const Moment& now) {
    std::vector<Stale> found;
    for (auto& entry : entries_) {
        const auto from = stale_from(entry, now);
        if (from && now.steady >= *from) {
            entry.stale.told(now.steady);
            found.push_back({entry.job, tellable_age(entry.stale.age(now.steady))});
        }
    }
    return found;
}

std::optional<BootTime> Roster::next_time(const Moment& now) const {
    std::optional<BootTime> next = entries_.empty() ? std::nullopt : std::optional(look_around_at_);
    const auto consider = [&](const std::optional<BootTime>& at) {
        if (at && (!next || *at < *next)) {
            next = at;
        }
    };
    for (const auto& entry : entries_) {
        consider(entry.lookout.next_time());
        consider(stale_from(entry, now));
        if (!is_at_work(entry.state)) {
            consider(entry.agenda.due(now));
        }
    }
    consider(calendars_.next_time());
    return next;
}

std::set<std::filesystem::path> Roster::directories() const {
    std::set<std::filesystem::path> directories;
    for (const auto& entry : entries_) {
        if (entry.job->schedule.on_change) {
            directories.insert(entry.job->snapshot_dir);
        }
    }
    return directories;
}

std::string Roster::next_text(const Moment& now) const {
    const Entry* first = nullptr;
    std::optional<BootTime> at;
    for (const auto& entry : entries_) {
        const auto due = entry.agenda.due(now);
        if (!is_at_work(entry.state) && due && (!at || *due < *at)) {
            first = &entry;
            at = due;
        }
    }
    if (first == nullptr) {
        return "waiting for new snapshots";
    }
    const auto left = std::max(std::chrono::ceil<seconds>(*at - now.steady), seconds{0});
    return fmt::format("next: {} in {} ({})", first->job->name, duration_text(left),
                       first->agenda.reason(now));
}

}  // namespace snapferry::send
