#include "snapferry/send/run/raw_exchange.h"

#include <sys/stat.h>

#include <chrono>
#include <limits>
#include <memory>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/newest.h"
#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/send/memory/left_by_others.h"
#include "snapferry/send/run/plan_report.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/send/run/what_to_send.h"
#include "snapferry/send/stream/framed_send.h"
#include "snapferry/send/stream/raw_stream.h"
#include "snapferry/send/stream/size_estimate.h"

namespace snapferry::send {
namespace {

/// What was remembered counts before the file: that is one for all receivers, and a name can be
/// used again. It tells only where a classic script has written it, and nothing is remembered: then
/// a snapshot that is younger than it cannot be the one it names.
std::string last_sent_to_a_classic_one(const RunningJob& run) {
    if (const auto* last = last_arrived(run.memory.sent())) {
        return last->name;
    }
    if (const auto& last = run.memory.last_arrived()) {
        return last->name;
    }
    const auto file = last_sent_file(run.job.snapshot_dir, run.job.source_tag);
    const auto name = noted_by_a_classic_script(run.job.snapshot_dir, run.job.source_tag);
    const auto& newest = run.view.newest();
    struct stat data {};
    const bool is_older =
        ::stat(file.c_str(), &data) == 0 &&
        std::chrono::sys_seconds(std::chrono::seconds(data.st_mtim.tv_sec)) < newest.taken;
    return name == newest.name.text() && is_older ? std::string{} : name;
}

/// Where only the file tells what was sent, only the order of the names counts.
std::optional<LocalSnapshot> known_at_a_classic_one(const RunningJob& run,
                                                    const std::string& last_sent) {
    const auto* const record = last_arrived(run.memory.sent());
    constexpr auto unknown_when = std::numeric_limits<std::uint64_t>::max();
    const auto known =
        from_memory(record != nullptr ? *record : SentSnapshot{last_sent, {}, unknown_when});
    return known && known->name.has_tag(run.job.source_tag) ? known : std::nullopt;
}

SendSituation situation_at_a_classic_one(const RunningJob& run, const std::string& last_sent) {
    SendSituation situation{
        run.view.all(), {}, run.memory.sent(), run.memory.attempts(), run.is_forced()};
    if (auto known = known_at_a_classic_one(run, last_sent)) {
        situation.known_there.push_back(std::move(*known));
    }
    situation.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return situation;
}

/// Nobody says what a classic receiver takes: what all take, unless a person knows better.
stream::Form form_for_a_classic_one(const Job& job) {
    return choose_stream(job.stream.value_or(stream::Form::v1), btrfs::newest_send_form(),
                         stream::forms_up_to(stream::Form::v2_compressed))
        .form;
}

/// Returns the bytes sent.
std::uint64_t send_stream(RunningJob& run, const LocalSnapshot& snapshot,
                          const std::optional<LocalSnapshot>& parent) {
    btrfs::SendRequest request{snapshot.path, {}, form_for_a_classic_one(run.job), false};
    if (parent) {
        request.parent = parent->path;
    }
    run.progress.begin_stream(snapshot.name.text(), 0);
    const auto estimate =
        run.options.estimate ? std::make_unique<SizeEstimate>(request, run.progress) : nullptr;
    return send_raw_stream(run.line, run.job.dest_tag, request, run.progress, run.log);
}

/// Whether an increment that has just failed, and is remembered to have, is sent in full at once.
bool goes_in_full_instead(const RunningJob& run, const LocalSnapshot& parent,
                          const Failure& failure) {
    return !run.options.incremental_only &&
           (failure.code() == ExitCode::no_parent ||
            run.memory.attempts().is_spent(FailedPart::Kind::parent, parent.uuid));
}

/// From the parent, where there is one, else in full. Returns the bytes of the stream that arrived.
std::uint64_t send_either_way(RunningJob& run, const LocalSnapshot& snapshot,
                              const std::optional<LocalSnapshot>& parent) {
    try {
        return send_stream(run, snapshot, parent);
    } catch (const Failure& failure) {
        if (!parent || !run.holds_against(attempt_at(snapshot, parent), failure) ||
            !goes_in_full_instead(run, *parent, failure)) {
            throw;
        }
        run.log.info("{}: sending in full", failure.what());
    }
    return send_stream(run, snapshot, {});
}

/// What arrived last; nothing that was interrupted can be gone on with. Where nothing is
/// remembered, any pin may be the one to build on.
void note_needed_pins(RunningJob& run) {
    if (const auto& last = run.memory.last_arrived()) {
        run.needs_pins({last->uuid});
    }
}

}  // namespace

bool exchange_raw(RunningJob& run) {
    run.view.identify(run.memory.sent(), {});
    const auto last_sent = last_sent_to_a_classic_one(run);
    const auto situation = situation_at_a_classic_one(run, last_sent);
    const auto series = what_goes(run, situation);
    const auto& next = series.all.front();
    report_series(run, series);
    const auto plan =
        plan_send_unasked(next, run.view.all(), run.memory.sent(), last_sent, run.is_forced(),
                          newer_there(next, situation.known_there, situation.now));
    report_plan(run, plan);
    if (!sends_something(plan) || run.options.dry_run) {
        return false;
    }
    const auto snapshot = run.hold(run.as_it_is_announced(next), {});
    note_needed_pins(run);
    run.note_beginning(snapshot, parent_in(plan));
    const auto started = std::chrono::steady_clock::now();
    const auto sent = send_either_way(run, snapshot, parent_in(plan));
    run.report.stream_bytes += sent;
    run.report.wire_bytes += sent;
    run.log.info("sent {}: {}", snapshot.name.text(),
                 amount_text(sent, std::chrono::steady_clock::now() - started));
    run.has_sent(snapshot, attempt_at(snapshot, {}), {});
    return series.all.size() > 1;
}

}  // namespace snapferry::send
