#include "snapferry/send/run/framed_exchange.h"

#include <chrono>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/resume/blame.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/run/plan_report.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/send/run/what_to_send.h"
#include "snapferry/send/stream/stream_size.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::send {
namespace {

/// At reading the snapshot.
bool failed_here(const Failure& failure) {
    return dynamic_cast<const ReceiverFailed*>(&failure) == nullptr &&
           (failure.code() == ExitCode::sending || failure.code() == ExitCode::receiving);
}

/// What rotation has taken before there was a pin of it is nobody's failure.
bool is_gone(const RunningJob& run, const LocalSnapshot& snapshot) {
    return !run.is_held(snapshot) && !sys::kind_of(snapshot.path);
}

}  // namespace

bool FramedExchange::exchange() {
    const auto welcome = expect<wire::Welcome>(link_.await(), "what it has");
    take_in(run_, welcome);
    const auto situation = situation_of(run_, welcome);
    auto series = what_goes(run_, situation);
    leave_out_what_is_overtaken(run_, welcome, series);
    report_series(run_, series);
    const auto plan = plan_send(series.all.front(), situation);
    if (run_.options.dry_run) {
        report_pins(run_, welcome);
    } else if (wants_another_cipher(plan, welcome)) {
        run_.log.debug("connecting again with the cipher that suits the receiver's processor");
        say_goodbye();
        return true;
    }
    if (auto order = order_to_finish(run_, welcome)) {
        return run_.options.dry_run ? say_goodbye() : finish(std::move(*order));
    }
    return send_next(plan, series, welcome);
}

/// The line has it when it is made anew. That is worth it only before something large.
bool FramedExchange::wants_another_cipher(const SendPlan& plan, const wire::Welcome& welcome) {
    return (welcome.unfinished || sends_something(plan)) &&
           run_.line.change_cipher_for(welcome.has_fast_aes);
}

/// Whatever came of it: the newest is next, or, where it failed, another way.
bool FramedExchange::finish(StreamOrder order) {
    send(std::move(order));
    return true;
}

bool FramedExchange::send_next(const SendPlan& plan, const SnapshotsToSend& series,
                               const wire::Welcome& welcome) {
    report_plan(run_, plan);
    if (run_.options.dry_run) {
        report_manifest(run_, plan);
    }
    if (!sends_something(plan)) {
        if (!run_.options.dry_run && std::holds_alternative<UpToDate>(plan)) {
            accept_as_it_is(run_.view.newest(), welcome);
        }
        return say_goodbye({!run_.options.dry_run});
    }
    auto order = order_for(run_, plan, welcome);
    if (run_.options.dry_run) {
        say_goodbye();
        if (run_.job.send.all) {
            estimate_all(std::move(order), series);
        } else {
            estimate(order);
        }
        return false;
    }
    return send(std::move(order)) || series.all.size() > 1;
}

/// For who wants to know what a dry run would send. The receiver is gone by then: it waits for
/// nobody's disk.
void FramedExchange::estimate(const StreamOrder& order) {
    if (!run_.options.estimate) {
        return;
    }
    constexpr std::chrono::seconds patience{30};
    run_.progress.begin_stream(order.snapshot.name.text(), 0);
    if (const auto size = measure_stream_within(request_for(order), patience, [] {})) {
        run_.progress.set_estimate(size->as_it_lies);
        run_.log.info("that is about {}", byte_text(size->as_it_lies));
    }
}

/// Each from the one before it. What takes long to find out is left out.
void FramedExchange::estimate_all(StreamOrder order, const SnapshotsToSend& series) {
    constexpr std::chrono::seconds patience{5};
    constexpr std::chrono::seconds patience_with_all{60};
    const auto began = std::chrono::steady_clock::now();
    for (const auto& snapshot : series.all) {
        const bool is_first = snapshot.uuid == order.snapshot.uuid;
        if (!is_first) {
            order.parent = std::exchange(order.snapshot, snapshot);
        }
        const auto size = std::chrono::steady_clock::now() - began < patience_with_all
                              ? measure_stream_within(request_for(order), patience, [] {})
                              : std::nullopt;
        const auto about = size ? "about " + byte_text(size->as_it_lies) : "of unknown size";
        if (is_first) {
            run_.log.info("that is {}", about);
        } else {
            run_.log.info("would then send {} incrementally from {}: {}", snapshot.name.text(),
                          order.parent->name.text(), about);
        }
    }
}

/// True where it failed, but another way is left to try at once.
bool FramedExchange::send(StreamOrder order) {
    order.snapshot = run_.as_it_is_announced(order.snapshot);
    run_.note_beginning(order.snapshot, order.parent);
    auto attempt = attempt_at(order.snapshot, order.parent);
    attempt.resumed = !order.shares.empty();
    attempt.begin = order.shares.empty() ? 0 : order.shares.back().end;
    try {
        send_and_conclude(order, attempt);
        return false;
    } catch (const Failure& failure) {
        if (failed_here(failure) && is_gone(run_, order.snapshot)) {
            run_.log.info("{} was deleted here before it could be sent: looking anew",
                          attempt.name);
            run_.line.hang_up();
            return true;
        }
        if (!run_.holds_against(attempt, failure) ||
            !has_another_way(run_.memory.attempts(), attempt, run_.view.newest().uuid)) {
            throw;
        }
        run_.log.warning("{}: {}; this has failed twice, and another way is tried", attempt.name,
                         failure.what());
        note_what_was_sent(run_.report, run_.progress.view());
        run_.line.hang_up();
        return true;
    }
}

void FramedExchange::send_and_conclude(const StreamOrder& order, Attempt& attempt) {
    FramedSend sending(link_, run_.log, run_.progress, run_.report);
    sending.begin(
        order, [&] { return run_.memory.draw_secret(order.snapshot.uuid); },
        [&] { return run_.hold(order.snapshot, order.parent).path; });
    attempt.resumed = sending.is_resumed();
    if (!attempt.resumed) {
        note_begun_afresh(order.snapshot);
    }
    const auto durable = sending.run([&] {
        run_.memory.is_whole(attempt.snapshot);
        run_.memory.save();
    });
    run_.has_sent(order.snapshot, attempt, durable.copy);
    report_result(run_, expect<wire::Result>(link_.await(), "what it kept"));
}

/// From now on the receiver may have a copy of it of which it could not tell.
void FramedExchange::note_begun_afresh(const LocalSnapshot& snapshot) {
    run_.memory.attempts().begun_afresh(snapshot.uuid);
    run_.memory.begun(record_of(snapshot, {}));
    run_.memory.save();
    run_.begun_here = snapshot.uuid;
}

void FramedExchange::accept_as_it_is(const LocalSnapshot& snapshot, const wire::Welcome& welcome) {
    const auto there = there_of(run_, snapshot, welcome);
    if (there.trust == CopyTrust::first_contact) {
        run_.log.info(
            "nothing here remembers sending {}: the receiver's copy is taken for it, by its uuid, "
            "this once",
            snapshot.name.text());
    }
    run_.conclude(snapshot, there.snapshot->copy);
}

/// The receiver ends without having received anything. False: there is no more to do.
bool FramedExchange::say_goodbye(const wire::Goodbye& goodbye) {
    link_.send(goodbye);
    return false;
}

}  // namespace snapferry::send
