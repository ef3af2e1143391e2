#include "snapferry/send/run/running_job.h"

#include <fmt/format.h>

#include "snapferry/core/plan/blame.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/last_sent.h"
#include "snapferry/send/link/receiver_link.h"

namespace snapferry::send {
namespace {

std::string address_of(const Job& job) {
    const auto& destination = job.receiver.destination;
    return fmt::format("{}:{}", destination.host, destination.port);
}

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
      pins(job.snapshot_dir, job.dest_tag),
      memory(job.snapshot_dir, job.dest_tag, address_of(job), log),
      view(job, pins, log) {}

void RunningJob::tell_once(Severity severity, const std::string& words) {
    if (told_.insert(words).second) {
        log.write(severity, words);
    }
}

LocalSnapshot RunningJob::pinned_where_wanted(const LocalSnapshot& snapshot) {
    if (snapshot.pinned || !(job.pin || snapshot.goes_by_pin_only())) {
        return snapshot;
    }
    auto pin = pins.pin(snapshot);
    view.add(pin);
    return pin;
}

void RunningJob::note_beginning(const LocalSnapshot& snapshot,
                                const std::optional<LocalSnapshot>& parent) {
    report.snapshot = snapshot.name.text();
    report.parent = parent ? parent->name.text() : "";
}

bool RunningJob::holds_against(const Attempt& attempt, const Failure& failure) {
    if (!counts_against_what_was_sent(failure, teller_of(failure), attempt)) {
        return false;
    }
    memory.attempts().failed(attempt, failure.code(), escape_text(failure.what()));
    memory.save();
    return true;
}

void RunningJob::has_sent(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    memory.attempts().succeeded(attempt_at(snapshot, {}));
    arrived.insert(snapshot.uuid);
    conclude(snapshot, copy);
}

void RunningJob::conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    report.newest = snapshot.name.text();
    report.newest_taken = snapshot.taken;
    memory.arrived(record_of(snapshot, copy));
    auto here = view.uuids();
    here.insert(snapshot.uuid);
    memory.keep_only(here);
    memory.save();
    try {
        write_last_sent(last_sent_file(job.snapshot_dir, job.source_tag), snapshot.name);
        pins.keep_only({snapshot.uuid}, log);
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
