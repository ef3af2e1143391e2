#include "snapferry/send/run/what_to_send.h"

#include <fmt/format.h>

#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/core/resume/pass_over.h"
#include "snapferry/core/resume/unfinished.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/wire/share_trust.h"
#include "snapferry/send/run/plan_report.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/sys/btrfs/extents/snapshot_files.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {
namespace {

bool is_there_already(const RunningJob& run, const LocalSnapshot& snapshot,
                      const wire::Welcome& welcome) {
    return there_of(run, snapshot, welcome).trust != CopyTrust::absent;
}

/// What is the same for every stream in this exchange.
StreamOrder order_of(const RunningJob& run, const LocalSnapshot& snapshot,
                     const std::optional<LocalSnapshot>& parent, const wire::Welcome& welcome) {
    StreamOrder order{snapshot, parent};
    order.receiver_free_bytes = welcome.free_bytes;
    const bool compresses = welcome.takes_compressed_data && !run.job.receiver.is_local();
    order.compression = compresses ? run.job.receiver.compression : 0;
    return order;
}

/// Some containers do not let files be opened by number; whoever sends can otherwise.
std::optional<std::uint32_t> writes_of(const StreamOrder& order, const wire::Welcome& welcome) {
    const bool is_increment = order.parent.has_value();
    const bool can_be_filled = !is_increment && welcome.keeps_outlines &&
                               btrfs::SnapshotFiles::can_open(order.snapshot.path);
    return choose_writes(order.form, is_increment, can_be_filled);
}

UnfinishedPlan plan_for(const RunningJob& run, const wire::Welcome& welcome) {
    const auto send = situation_of(run, welcome);
    return plan_unfinished(welcome.unfinished.value(),
                           {send, wire::trust_in_shares(welcome), run.begun_here, run.job.stream,
                            btrfs::newest_send_form(), run.view.newest().uuid,
                            run.options.incremental_only, run.arrived});
}

}  // namespace

SnapshotsToSend what_goes(const RunningJob& run, const SendSituation& there) {
    return plan_series(run.view.newest(), run.job.send, there, run.arrived);
}

void leave_out_what_is_overtaken(RunningJob& run, const wire::Welcome& welcome,
                                 SnapshotsToSend& series) {
    if (!run.job.send.all || !welcome.unfinished) {
        return;
    }
    const auto plan = plan_for(run, welcome);
    const auto* const goes_on = std::get_if<GoOn>(&plan);
    const auto count = goes_on == nullptr ? 0 : leave_out_before(series, goes_on->snapshot);
    if (count > 0) {
        run.tell_once(Severity::warning,
                      fmt::format("{} before {} will not be sent: that one was begun before they "
                                  "were asked for and is finished first, and nothing older goes "
                                  "after it",
                                  count == 1 ? "1 snapshot" : fmt::format("{} snapshots", count),
                                  goes_on->snapshot.name.text()));
    }
}

ManifestScope manifest_scope(const Job& job) {
    return job.send.all || !job.makes_manifests ? ManifestScope::all : ManifestScope::newest;
}

std::optional<StreamOrder> order_to_finish(const RunningJob& run, const wire::Welcome& welcome) {
    if (!welcome.unfinished) {
        return std::nullopt;
    }
    const auto& unfinished = *welcome.unfinished;
    const auto plan = plan_for(run, welcome);
    if (const auto* given_up = std::get_if<GiveUp>(&plan)) {
        run.log.write(given_up->is_suspicious ? Severity::warning : Severity::info,
                      fmt::format("the interrupted send of {} is given up: {}",
                                  unfinished.name.text(), given_up->reason));
        return std::nullopt;
    }
    const auto& [snapshot, parent] = std::get<GoOn>(plan);
    auto order = order_of(run, snapshot, parent, welcome);
    order.parent_copy = unfinished.parent_copy;
    order.replace = is_there_already(run, snapshot, welcome);
    order.form = unfinished.form;
    order.writes = writes_of(order, welcome);
    order.shares = unfinished.shares;
    order.begun_with = unfinished.writes;
    order.pass_over =
        how_to_pass_over(unfinished, snapshot.transid, run.memory.secret_of(snapshot.uuid));
    order.estimate = run.options.estimate;
    const auto offset = order.shares.empty() ? 0 : order.shares.back().end;
    run.log.info("an interrupted send of {} is finished first: the receiver has {} of it",
                 snapshot.name.text(), byte_text(offset));
    return order;
}

StreamOrder order_for(const RunningJob& run, const SendPlan& plan, const wire::Welcome& welcome) {
    const auto& snapshot = snapshot_in(plan);
    auto order = order_of(run, snapshot, parent_in(plan), welcome);
    if (const auto* incremental = std::get_if<IncrementalSend>(&plan)) {
        order.parent_copy = incremental->parent_copy;
    }
    const auto choice = choose_stream(run.job.stream, btrfs::newest_send_form(), welcome.forms);
    run.log.info("the stream {} {}: {}", run.options.dry_run ? "would be" : "is",
                 stream::text_of(choice.form), choice.reason);
    order.form = choice.form;
    order.writes = writes_of(order, welcome);
    order.replace = run.is_forced() || is_there_already(run, snapshot, welcome);
    order.estimate = run.options.estimate;
    return order;
}

}  // namespace snapferry::send
