#include "snapferry/send/run/job_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/core/resume/blame.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/open_link.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/send/run/framed_exchange.h"
#include "snapferry/send/run/nested.h"
#include "snapferry/send/run/raw_exchange.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/send/run/what_to_send.h"
#include "snapferry/send/stream/framed_send.h"
#include "snapferry/send/telling/before_run.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::send {

void JobRun::run() {
    if (run_.options.force) {
        run_.log.info(
            "a forced send, by {}: the newest snapshot goes in full, whatever the receiver has",
            run_.options.forced_by);
    }
    run_.begin();
    try {
        with_retries(patience(), run_.log, run_.progress, [this] {
            prepare();
            exchange_until_done();
        });
    } catch (...) {
        run_.end();
        throw;
    }
    run_.end();
    require_that_nothing_is_left_out();
    require_that_the_newest_was_sent();
}

/// A person who asks what would be done does not wait for a receiver that is away.
Retries JobRun::patience() const {
    const auto& job = run_.job;
    return run_.options.dry_run
               ? Retries{job.retries}
               : Retries{job.retries, job.retry_for, run_.line.unreachable_since()};
}

/// Once in a run; where it failed it is tried again, as a connection is.
void JobRun::prepare() {
    if (!is_prepared_ && !run_.options.dry_run) {
        call_before_run(run_.job.alerts.hooks, run_.report);
    }
    is_prepared_ = true;
}

/// The pins that have served are gone by now. The oldest is made first: so each reads what has
/// changed since the one before, and what is remembered of the newest serves the next run.
std::vector<WantedManifest> JobRun::wanted_manifests() const {
    if (!run_.job.manifest || run_.options.dry_run) {
        return {};
    }
    auto here = run_.view.all();
    std::erase_if(here, [](const LocalSnapshot& one) { return !sys::kind_of(one.path); });
    auto wanted =
        snapferry::wanted_manifests(here, run_.memory.sent(), run_.there, manifest_scope(run_.job));
    std::reverse(wanted.begin(), wanted.end());
    return wanted;
}

/// Each exchange, a retried one too, begins with a look at what is here: a stream may take days, a
/// connection minutes to come back, and meanwhile snapshots are made and rotated away.
void JobRun::exchange_until_done() {
    constexpr unsigned most_exchanges = 16;  // in a run that brings nothing, beside its retries
    while (exchanges_ < most_exchanges + run_.job.retries + run_.arrived.size()) {
        ++exchanges_;
        run_.progress.enter(JobProgress::Phase::connecting);
        run_.view.look();
        tell_of_nested(run_);
        if (!exchange_on_the_line()) {
            return;
        }
    }
    run_.line.hang_up();
    throw Failure(ExitCode::protocol,
                  "the receiver has something unfinished again and again: this run gives up");
}

/// After a failure, whatever is left of the line is not to be relied on.
bool JobRun::exchange_on_the_line() {
    try {
        return exchange();
    } catch (const Failure&) {
        note_what_was_sent(run_.report, run_.progress.view());
        run_.line.hang_up();
        throw;
    }
}

/// One stream, or none, as whoever answers takes it: true where there may be more to do.
bool JobRun::exchange() {
    if (run_.job.protocol == Protocol::raw) {
        question_before_raw(run_.line, run_.job.dest_tag, run_.log);
        return exchange_raw(run_);
    }
    std::unique_ptr<ReceiverChannel> link;
    try {
        link = open_link(run_.line, run_.job.dest_tag, run_.log);
    } catch (const ClassicReceiver& classic) {
        run_.log.info(
            "the receiver is a classic one ({}): sending as the classic script did; it cannot say "
            "what it has, and what was noted as sent last counts",
            classic.what());
        return exchange_raw(run_);
    }
    return FramedExchange(run_, *link).exchange();
}

/// A newer snapshot that arrived does not make up for one that cannot be sent: it stays a failure
/// until it is gone.
void JobRun::require_that_nothing_is_left_out() {
    const auto here = run_.view.uuids();
    for (const auto& bad : run_.memory.attempts().bad_snapshots()) {
        if (here.contains(bad.uuid)) {
            throw cannot_be_sent(bad);
        }
    }
}

/// Whoever makes snapshots may make them read-only a moment later: so it is looked once more.
void JobRun::require_that_the_newest_was_sent() {
    const auto newest_passed = [&]() -> const PassedOver* {
        const auto& all = run_.view.passed_over();
        return all.empty() || !all.front().is_newest ? nullptr : &all.front();
    };
    if (newest_passed() == nullptr) {
        return;
    }
    run_.view.look();
    if (const auto* const one = newest_passed()) {
        throw Failure(
            ExitCode::sending,
            fmt::format("{} is the newest in {}, and is not sent: {}", escape_text(one->name),
                        escape_text(run_.job.snapshot_dir.native()), one->why),
            "all that can be sent is at the receiver; mend, rename or delete this one");
    }
}

}  // namespace snapferry::send
