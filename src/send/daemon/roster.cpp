#include "snapferry/send/daemon/roster.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {
namespace {

/// Events can be missed (a disk that was not mounted, a queue that overflowed): so long at most.
constexpr std::chrono::minutes look_around_interval{5};

double random_share() {
    std::random_device random;
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

void Roster::set(const std::vector<Job>& jobs, Time now) {
    std::vector<Entry> entries;
    for (const auto& job : jobs) {
        auto* const before = find(job.name);
        if (before != nullptr && *before->job == job) {
            entries.push_back(std::move(*before));
            continue;
        }
        Entry entry{std::make_shared<const Job>(job), Agenda(job.schedule, now), {}, {}};
        entry.running = before != nullptr && before->running;
        plan_calendar(entry);
        entries.push_back(std::move(entry));
    }
    entries_ = std::move(entries);
    look_around_at_ = now;
}

void Roster::plan_calendar(Entry& entry) {
    if (!entry.job->schedule.calendar.empty()) {
        entry.agenda.set_calendar_time(sys::next_calendar_time(entry.job->schedule.calendar),
                                       random_share());
    }
}

Roster::Entry* Roster::find(const std::string& name) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.job && entry.job->name == name;
    });
    return found == entries_.end() ? nullptr : &*found;
}

void Roster::note_changes(const std::set<std::filesystem::path>& directories, Time now) {
    for (auto& entry : entries_) {
        if (directories.contains(entry.job->snapshot_dir)) {
            look(entry, now);
            // Some make a snapshot read-only a moment after they have made it, and no event tells.
            entry.look_at = now + entry.job->schedule.settle;
        }
    }
}

void Roster::look_around(Time now) {
    const bool everywhere = now >= look_around_at_ || now + look_around_interval < look_around_at_;
    for (auto& entry : entries_) {
        if (everywhere || (entry.look_at && now >= *entry.look_at)) {
            entry.look_at.reset();
            look(entry, now);
        }
    }
    if (everywhere) {
        look_around_at_ = now + look_around_interval;
    }
}

/// Only another newest snapshot is a change: that old ones are deleted is nobody's business.
void Roster::look(Entry& entry, Time now) {
    if (!entry.job->schedule.on_change) {
        return;
    }
    try {
        const auto newest = newest_snapshot(entry.job->snapshot_dir, entry.job->source_tag);
        entry.missing = false;
        const auto name = newest ? newest->name.text() : std::string{};
        if (name != entry.newest_seen) {
            entry.newest_seen = name;
            if (!name.empty()) {
                entry.agenda.change_seen(now);
            }
        }
    } catch (const std::exception& failure) {
        if (!entry.missing) {
            log_.info("{}: cannot look for snapshots: {}", entry.job->name, failure.what());
        }
        entry.missing = true;
    }
}

std::vector<std::shared_ptr<const Job>> Roster::due(Time now) const {
    std::vector<std::pair<Time, std::shared_ptr<const Job>>> found;
    for (const auto& entry : entries_) {
        const auto at = entry.agenda.due(sys::local_offset(now));
        if (!entry.running && at && *at <= now) {
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

void Roster::began(const Job& job) {
    if (auto* const entry = find(job.name)) {
        entry->running = true;
    }
}

void Roster::ended(const RunReport& report, Time now) {
    auto* const entry = find(report.job);
    if (entry == nullptr) {
        return;  // the configuration has it no more
    }
    entry->running = false;
    if (report.outcome == ExitCode::busy) {
        entry->agenda.postponed(now);
        return;
    }
    if (report.newest_taken) {
        entry->newest_taken = std::chrono::floor<std::chrono::seconds>(*report.newest_taken);
        entry->stale_told = now;  // if it was, the run has told so
    }
    const bool well = report.outcome == ExitCode::done;
    entry->agenda.ended(well, now, random_share());
    plan_calendar(*entry);
    if (well) {
        entry->newest_seen = report.newest;  // a newer one that came meanwhile is a change
        look(*entry, now);
    }
}

/// When it is next to be told of. What became stale since the last telling is new; what was stale
/// by then is told of once a day.
std::optional<Roster::Time> Roster::stale_from(const Entry& entry) {
    constexpr std::chrono::hours between_tellings{24};
    const auto& limit = entry.job->alerts.hooks.stale_after;
    if (!limit || !entry.newest_taken || entry.running) {
        return std::nullopt;
    }
    const auto stale = *entry.newest_taken + *limit + std::chrono::seconds{1};
    const bool was_told = entry.stale_told && *entry.stale_told >= stale;
    return was_told ? *entry.stale_told + between_tellings : stale;
}

std::vector<Roster::Stale> Roster::take_stale(Time now) {
    std::vector<Stale> found;
    for (auto& entry : entries_) {
        const auto from = stale_from(entry);
        if (from && now >= *from) {
            entry.stale_told = now;
            found.push_back({entry.job, now - *entry.newest_taken});
        }
    }
    return found;
}

std::optional<Roster::Time> Roster::next_time() const {
    std::optional<Time> next = entries_.empty() ? std::nullopt : std::optional(look_around_at_);
    const auto consider = [&](const std::optional<Time>& at) {
        if (at && (!next || *at < *next)) {
            next = at;
        }
    };
    for (const auto& entry : entries_) {
        consider(entry.look_at);
        consider(stale_from(entry));
        if (!entry.running) {
            consider(entry.agenda.due(sys::local_offset(look_around_at_)));
        }
    }
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

std::string Roster::next_text(Time now) const {
    const Entry* first = nullptr;
    std::optional<Time> at;
    for (const auto& entry : entries_) {
        const auto due = entry.agenda.due(sys::local_offset(now));
        if (!entry.running && due && (!at || *due < *at)) {
            first = &entry;
            at = due;
        }
    }
    if (first == nullptr) {
        return "waiting for new snapshots";
    }
    return fmt::format("next: {} in {} ({})", first->job->name,
                       duration_text(std::max(*at - now, std::chrono::seconds{0})),
                       first->agenda.reason());
}

}  // namespace snapferry::send
