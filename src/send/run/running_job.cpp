#include "snapferry/send/run/running_job.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include "snapferry/core/resume/blame.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/abandoned.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/send/memory/left_by_others.h"

namespace snapferry::send {
namespace {

ToldBy teller_of(const Failure& failure) {
    if (dynamic_cast<const ReceiverCrashed*>(&failure) != nullptr) {
        return ToldBy::crash;
    }
    return dynamic_cast<const ReceiverFailed*>(&failure) != nullptr ? ToldBy::receiver
                                                                    : ToldBy::this_side;
}

}  // namespace

RunningJob::RunningJob(const Job& of, const RunOptions& asked, Line& to, Log& into, JobProgress& at,
                       RunReport& comes_to)
    : job(of),
      options(asked),
      line(to),
      log(into),
      progress(at),
      report(comes_to),
      pins(sender_home(job.snapshot_dir), identity_of(job).file_name(), log),
      memory(job.snapshot_dir, identity_of(job), log),
      view(job, pins, log),
      identity_(identity_of(job)),
      home_(sender_home(job.snapshot_dir)) {
    look_at_former_pins();
}

void RunningJob::look_at_former_pins() {
    for (const auto& name : memory.former_names()) {
        pins.look_also_in(name);
    }
}

void RunningJob::begin() {
    if (options.dry_run) {
        return;
    }
    auto names = memory.former_names();
    names.insert(identity_.file_name());
    note_use(home_, names);
}

void RunningJob::end() {
    if (options.dry_run) {
        return;
    }
    try {
        const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        if (needed_pins_) {
            memory.count_day_away(today);
            note_needed_pins();
            auto needed = memory.pins_of_absent_disks();
            needed.insert(needed_pins_->begin(), needed_pins_->end());
            pins.keep_only(needed);
        }
        auto in_use = memory.former_names();
        in_use.insert(identity_.file_name());
        in_use.insert(job.others_here.begin(), job.others_here.end());
        std::set<std::string> done;
        if (was_alone_under_its_tag(home_, identity_)) {
            done.insert(identity_.dest_tag);
        }
        collect_abandoned(home_, in_use, done, today, log);
    } catch (const std::exception& error) {
        log.warning("old pins are left as they are: {}", escape_text(error.what()));
    }
}

bool RunningJob::take_over_former_job(const std::vector<RemoteSnapshot>& remote) {
    if (!memory.take_over(remote)) {
        return false;
    }
    look_at_former_pins();
    return true;
}

void RunningJob::tell_once(Severity severity, const std::string& words) {
    if (told_.insert(words).second) {
        log.write(severity, words);
    }
}

LocalSnapshot RunningJob::as_it_is_announced(const LocalSnapshot& snapshot) {
    if (snapshot.pinned || !snapshot.goes_by_pin_only()) {
        return snapshot;
    }
    pin_ = pins.pin(snapshot);
    view.add(*pin_);
    return *pin_;
}

LocalSnapshot RunningJob::hold(const LocalSnapshot& snapshot,
                               const std::optional<LocalSnapshot>& parent) {
    if (needed_pins_) {
        needed_pins_->insert(snapshot.uuid);
        if (parent) {
            needed_pins_->insert(parent->uuid);
        }
    }
    pin_where_wanted(snapshot);
    note_needed_pins();
    return pin_ && pin_->uuid == snapshot.uuid ? *pin_ : snapshot;
}

/// Before anything of it is sent: should this disk be away when this program comes back from a
/// power cut, what it has of the stream is to be gone on with some day.
void RunningJob::note_needed_pins() {
    if (needed_pins_) {
        memory.needs_pins(*needed_pins_);
        memory.save();
    }
}

bool RunningJob::is_held(const LocalSnapshot& snapshot) const {
    return snapshot.pinned || (pin_ && pin_->uuid == snapshot.uuid);
}

/// Best effort: a disk that is full or read-only is no reason not to back it up.
void RunningJob::pin_where_wanted(const LocalSnapshot& snapshot) {
    if (!job.pin || (pin_ && pin_->uuid == snapshot.uuid)) {
        return;
    }
    try {
        pin_ = pins.pin(snapshot);
        view.add(*pin_);
    } catch (const Failure& failure) {
        tell_once(Severity::warning,
                  fmt::format("{}; it is sent without: should it be deleted here before the next "
                              "one has been sent, that one may have to go in full",
                              failure.what()));
    }
}

void RunningJob::has_still_to_send(std::size_t snapshots) {
    series = arrived.size() + snapshots;
    progress.set_series(arrived.size() + 1, series);
}

std::string RunningJob::place_in_series() const {
    return series > 1 ? fmt::format(", {} of {}", arrived.size() + 1, series) : std::string{};
}

void RunningJob::note_beginning(const LocalSnapshot& snapshot,
                                const std::optional<LocalSnapshot>& parent) {
    report.snapshot = snapshot.name.text();
    report.parent = parent ? parent->name.text() : "";
}

bool RunningJob::holds_against(const Attempt& attempt, const Failure& failure) {
    if (!counts_against_what_was_sent(failure, teller_of(failure), attempt, view.newest().uuid)) {
        return false;
    }
    memory.attempts().failed(attempt, failure.code(), escape_text(failure.what()));
    memory.save();
    return true;
}

void RunningJob::has_sent(const LocalSnapshot& snapshot, const Attempt& attempt,
                          const std::optional<Uuid>& copy) {
    memory.attempts().succeeded(attempt);
    arrived.insert(snapshot.uuid);
    if (copy) {
        there.insert(there.begin(),
                     {snapshot.name, snapshot.uuid, copy,
                      receiver_takes_manifests ? std::optional(false) : std::nullopt});
    }
    conclude(snapshot, copy);
}

void RunningJob::conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    report.newest = DurableSnapshot{snapshot.name.text(), snapshot.taken};
    pin_where_wanted(snapshot);
    needed_pins_ = std::set<Uuid>{snapshot.uuid};
    if (!job.pin || (pin_ && pin_->uuid == snapshot.uuid)) {
        memory.needs_no_former_name();
    }
    memory.arrived(record_of(snapshot, copy), snapshot.taken);
    auto here = view.uuids();
    here.insert(snapshot.uuid);
    memory.keep_only(here);
    memory.mirrored(snapshot.name.text());
    memory.save();
    try {
        write_last_sent(last_sent_file(job.snapshot_dir, job.source_tag), snapshot.name);
    } catch (const std::exception& error) {
        log.warning("the snapshot is safe, but this side could not note it: {}",
                    escape_text(error.what()));
    }
}

SentSnapshot record_of(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    return {snapshot.name.text(), snapshot.uuid,
            snapshot.pinned ? snapshot.stands_for : snapshot.transid, copy};
}

Attempt attempt_at(const LocalSnapshot& snapshot, const std::optional<LocalSnapshot>& parent) {
    Attempt attempt{snapshot.uuid, snapshot.name.text()};
    if (parent) {
        attempt.parent = parent->uuid;
    }
    return attempt;
}

}  // namespace snapferry::send
