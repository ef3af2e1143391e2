#include "snapferry/send/run/job_run.h"

#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/blame.h"
#include "snapferry/send/here/left_out.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/send/run/framed_exchange.h"
#include "snapferry/send/run/raw_exchange.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/send/stream/framed_send.h"

namespace snapferry::send {

void JobRun::run() {
    run_.begin();
    try {
        with_retries(run_.job.retries, run_.log, run_.progress, [this] { exchange_until_done(); });
    } catch (...) {
        run_.end();
        throw;
    }
    run_.end();
    require_that_nothing_is_left_out();
}

/// Each exchange, a retried one too, begins with a look at what is here: a stream may take days, a
/// connection minutes to come back, and meanwhile snapshots are made and rotated away.
void JobRun::exchange_until_done() {
    constexpr unsigned most_exchanges =
        16;  // more than there are ways: a receiver may lie for ever
    for (unsigned count = 0; count < most_exchanges; ++count) {
        run_.progress.enter(JobProgress::Phase::connecting);
        run_.view.look();
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
        exchange_raw(run_);
        return false;
    }
    std::optional<ReceiverLink> link;
    try {
        link.emplace(run_.line, run_.job.dest_tag, run_.log);
    } catch (const ClassicReceiver& classic) {
        run_.log.info(
            "the receiver is a classic one ({}): sending as the classic script did; it cannot say "
            "what it has, and what was noted as sent last counts",
            classic.what());
        exchange_raw(run_);
        return false;
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
    require_that_names_can_be_sent(run_.job, run_.view.newest().name.text());
}

}  // namespace snapferry::send
