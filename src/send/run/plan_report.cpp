#include "snapferry/send/run/plan_report.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/manifest_plan.h"
#include "snapferry/core/resume/blame.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/send/run/what_to_send.h"

namespace snapferry::send {
namespace {

std::string names_of(const std::vector<wire::Kept>& list) {
    std::string names;
    for (const auto& entry : list) {
        names += (names.empty() ? "" : ", ") + escape_text(entry.name.text());
    }
    return names.empty() ? "none" : names;
}

std::string parent_text(const std::optional<LocalSnapshot>& parent) {
    return parent ? fmt::format("incrementally from {}", parent->name.text()) : "in full";
}

std::string text_of(const OlderThanThere& plan) {
    return fmt::format(
        "nothing is sent: {}, the newest here, is older than {}, which the receiver has and which "
        "is "
        "gone here; a newer one goes as usual, and --force sends this one all the same",
        escape_text(plan.snapshot.name.text()), escape_text(plan.newer.name.text()));
}

/// One that sends everything again, and stores it twice, is seldom what a person wants.
void tell_of_second_job(RunningJob& run) {
    for (const auto& [source_tag, dest_tag] : run.job.beside) {
        if (source_tag != run.job.source_tag && run.view.is_also_tagged(source_tag)) {
            run.tell_once(
                Severity::warning,
                fmt::format("{0} and {1} at the receiver get the same subvolume, each in full: to "
                            "keep weekly or monthly backups of it, derive them there "
                            "([tags.{1}.derive.weekly] in receive.toml), which sends and stores "
                            "nothing twice",
                            run.job.dest_tag.text(), dest_tag));
        }
    }
}

std::string count_text(std::size_t snapshots) {
    return snapshots == 1 ? "1 snapshot" : fmt::format("{} snapshots", snapshots);
}

std::string left_out_text(const SnapshotsToSend& series) {
    return series.left_out == 0
               ? std::string{}
               : fmt::format(", and the {} before it are left out, for no more than {} are to go",
                             series.left_out, series.all.size());
}

}  // namespace

std::optional<LocalSnapshot> parent_in(const SendPlan& plan) {
    const auto* incremental = std::get_if<IncrementalSend>(&plan);
    return incremental == nullptr ? std::nullopt : std::optional(incremental->parent);
}

void report_series(RunningJob& run, const SnapshotsToSend& series) {
    if (!run.job.send.all) {
        return;
    }
    run.has_still_to_send(series.all.size());
    if (!run.arrived.empty()) {
        return;
    }
    for (const auto& one : unfit_among(series, run.view.unfit(), run.job.source_tag)) {
        run.tell_once(Severity::warning,
                      fmt::format("{} is missing at the receiver, and is passed over: {}; once a "
                                  "newer one has arrived, it does not go any more",
                                  escape_text(one.name), one.why));
    }
    const auto& first = series.all.front().name.text();
    if (series.gone) {
        run.tell_once(
            Severity::info,
            fmt::format("{}, the newest that the receiver has, is gone here: what was made "
                        "after it and was deleted before {} is left out",
                        escape_text(series.gone->name.text()), first));
    }
    if (series.all.size() > 1) {
        run.tell_once(Severity::info,
                      fmt::format("{} are missing at the receiver, from {} to {}: the oldest goes "
                                  "first{}",
                                  count_text(series.all.size() + series.left_out), first,
                                  series.all.back().name.text(), left_out_text(series)));
    }
}

void report_plan(RunningJob& run, const SendPlan& plan) {
    const auto& name = snapshot_in(plan).name.text();
    if (const auto* cannot = std::get_if<CannotSend>(&plan)) {
        throw cannot_be_sent(cannot->failure);
    }
    if (const auto* up_to_date = std::get_if<UpToDate>(&plan)) {
        run.log.info("nothing to send: {} is the newest, and {}", name, up_to_date->reason);
        return;
    }
    if (const auto* older = std::get_if<OlderThanThere>(&plan)) {
        run.tell_once(Severity::warning, text_of(*older));
        return;
    }
    const auto* full = std::get_if<FullSend>(&plan);
    if (full != nullptr && run.options.incremental_only) {
        throw Failure(ExitCode::no_parent,
                      fmt::format("{} could only be sent in full: {}", name, full->reason),
                      "run it once without --incremental-only");
    }
    if (full != nullptr) {
        tell_of_second_job(run);
    }
    const auto& reason = full != nullptr ? full->reason : std::get<IncrementalSend>(plan).reason;
    run.log.info("{} {} {}{}: {}", run.options.dry_run ? "would send" : "sending", name,
                 parent_text(parent_in(plan)), run.place_in_series(), reason);
}

void report_pins(const RunningJob& run, const wire::Welcome& welcome) {
    const auto of_others = run.memory.pins_of_absent_disks();
    for (const auto& pin : run.pins.list()) {
        const bool finishes = welcome.unfinished && (welcome.unfinished->uuid == pin.uuid ||
                                                     welcome.unfinished->parent_uuid == pin.uuid);
        const bool serves =
            pin.uuid == run.view.newest().uuid || there_of(run, pin, welcome).is_good();
        run.log.info("pinned: {}, {}", escape_text(pin.path),
                     finishes ? "to finish what was interrupted"
                     : serves ? "until a newer one has arrived"
                     : of_others.contains(pin.uuid)
                         ? "for a disk that is away"
                         : "for nothing any more: the next good run removes it");
    }
}

void report_manifest(const RunningJob& run, const SendPlan& plan) {
    if (!run.job.manifest) {
        return;
    }
    if (!run.receiver_takes_manifests) {
        run.log.debug("no manifest would be made: the receiver is an older one");
        return;
    }
    auto wanted =
        wanted_manifests(run.view.all(), run.memory.sent(), run.there, manifest_scope(run.job));
    if (sends_something(plan) || !wanted.empty()) {
        const auto& snapshot = sends_something(plan) ? snapshot_in(plan) : wanted.front().snapshot;
        run.log.info("would then {} the manifest of {}",
                     run.job.makes_manifests ? "make" : "pass on", snapshot.name.text());
    }
}

void report_result(RunningJob& run, const wire::Result& result) {
    auto& kept = run.report.kept.emplace();
    for (const auto& entry : result.kept) {
        kept.push_back(entry.name.text());
    }
    run.report.receiver_free_bytes = result.free_bytes;
    if (result.word) {
        run.report.receiver_word = result.word;
    }
    run.log.info("the receiver keeps {} and pruned {}; {} free", count_text(result.kept.size()),
                 names_of(result.pruned), byte_text(result.free_bytes));
}

}  // namespace snapferry::send
