#include "snapferry/send/job_run.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "snapferry/core/byte_text.h"
#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/core/wire/share_trust.h"
#include "snapferry/send/last_sent.h"
#include "snapferry/send/raw_stream.h"
#include "snapferry/send/retry.h"
#include "snapferry/send/snapshots.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::send {
namespace {

template <typename Wanted>
Wanted expect(wire::Message message, std::string_view what) {
    if (auto* wanted = std::get_if<Wanted>(&message)) {
        return std::move(*wanted);
    }
    throw Failure(ExitCode::protocol, fmt::format("the receiver did not say {}", what));
}

std::string amount_text(std::uint64_t bytes, std::chrono::steady_clock::duration time) {
    const auto seconds = std::chrono::duration<double>(time).count();
    return fmt::format("{} in {:.1f} s, {}/s", byte_text(bytes), seconds,
                       byte_text(static_cast<std::uint64_t>(static_cast<double>(bytes) /
                                                            std::max(seconds, 0.001))));
}

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

btrfs::SendRequest request_for(const LocalSnapshot& snapshot,
                               const std::optional<LocalSnapshot>& parent, stream::Form form) {
    btrfs::SendRequest request{snapshot.path, {}, form, false};
    if (parent) {
        request.parent = parent->path;
    }
    return request;
}

std::string command_for(const Job& job) {
    return fmt::format("sudo -n {} {}", job.receiver.program, job.dest_tag.text());
}

std::optional<LocalSnapshot> parent_in(const SendPlan& plan) {
    const auto* incremental = std::get_if<IncrementalSend>(&plan);
    return incremental == nullptr ? std::nullopt : std::optional(incremental->parent);
}

/// Waits for btrfs to have cleaned away what was deleted, and tells the receiver meanwhile that
/// this side lives: its patience may be as short as 10 s.
void wait_for_cleaner(const std::filesystem::path& snapshot, ReceiverLink& link) {
    constexpr std::chrono::seconds patience{30};
    constexpr std::chrono::seconds step{2};
    for (auto waited = step; !btrfs::wait_for_space(snapshot, step) && waited < patience;
         waited += step) {
        link.keep_alive();
    }
}

}  // namespace

JobRun::JobRun(const Job& job, const RunOptions& options, Line& line, Log& log,
               JobProgress& progress, RunReport& report)
    : job_(job),
      options_(options),
      line_(line),
      log_(log),
      progress_(progress),
      report_(report),
      pins_(job.snapshot_dir, job.dest_tag) {}

void JobRun::run() {
    look_at_snapshots();
    with_retries(job_.retries, log_, [this] {
        progress_.enter(JobProgress::Phase::connecting);
        try {
            while (exchange()) {
            }
        } catch (const Failure&) {
            note_what_was_sent(progress_.view());
            line_.hang_up();  // whatever is left of it is not to be relied on
            throw;
        }
    });
}

void JobRun::look_at_snapshots() {
    local_ = list_snapshots(job_.snapshot_dir);
    auto pins = pins_.list();
    for (auto& pin : pins) {  // a copy is younger than what it is of
        const auto original = find_snapshot(local_, pin.uuid);
        pin.taken = original ? original->taken : pin.taken;
    }
    local_.insert(local_.end(), pins.begin(), pins.end());
    newest_ = newest_with_tag(local_, job_.source_tag);
    if (!newest_) {
        throw Failure(ExitCode::bad_tag,
                      fmt::format("no read-only snapshot in {} ends in @{}",
                                  escape_text(job_.snapshot_dir.native()), job_.source_tag),
                      "check the tag, and that snapshots are still being made");
    }
}

bool JobRun::exchange() {
    if (job_.protocol == Protocol::raw) {
        exchange_raw();
        return false;
    }
    std::optional<ReceiverLink> link;
    try {
        link.emplace(line_, command_for(job_), log_);
    } catch (const ClassicReceiver& classic) {
        log_.info(
            "the receiver does not speak snapferry's protocol ({}): sending as the classic "
            "script did",
            classic.what());
        exchange_raw();
        return false;
    }
    return exchange_framed(*link);
}

bool JobRun::exchange_framed(ReceiverLink& link) {
    const auto welcome = expect<wire::Welcome>(link.await(), "what it has");
    require_tag(welcome.tag);
    log_.debug("{} has {} snapshots of {}, {} free", escape_text(welcome.program),
               welcome.snapshots.size(), job_.dest_tag.text(), byte_text(welcome.free_bytes));
    takes_compressed_data_ = welcome.takes_compressed_data;
    note_what_is_there(welcome);
    if (options_.dry_run) {
        report_pins(welcome);
    } else if (has_something_for(welcome) && line_.change_cipher_for(welcome.has_fast_aes)) {
        log_.debug("connecting again with the cipher that suits the receiver's processor");
        link.send(wire::Goodbye{});
        return true;
    }
    if (welcome.unfinished && trusts(welcome) && finish_interrupted(link, *welcome.unfinished)) {
        return !options_.dry_run;
    }
    send_newest(link, welcome);
    return false;
}

/// So that a run that fails later also tells how old the newest backup is.
void JobRun::note_what_is_there(const wire::Welcome& welcome) {
    report_.receiver_free_bytes = welcome.free_bytes;
    for (const auto& snapshot : local_) {
        if (snapshot.name.has_tag(job_.source_tag) && snapshot.name.text() > report_.newest &&
            is_at_receiver(snapshot.uuid, welcome.snapshots)) {
            report_.newest = snapshot.name.text();
            report_.newest_taken = snapshot.taken;
        }
    }
}

bool JobRun::has_something_for(const wire::Welcome& welcome) const {
    const auto plan = plan_send(newest(), local_, welcome.snapshots, options_.force);
    return welcome.unfinished || !std::holds_alternative<UpToDate>(plan);
}

/// A key may be bound to one tag at the receiver. With another job's key, two series would mix
/// there, and prune each other.
void JobRun::require_tag(const std::string& tag) const {
    if (tag != job_.dest_tag.text()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("this key receives into {} at the receiver, not into {}",
                                  escape_text(tag), job_.dest_tag.text()),
                      "give the job the key whose command= in authorized_keys names its tag");
    }
}

/// Whoever had the key for a while may have sent the beginning that is finished now.
bool JobRun::trusts(const wire::Welcome& welcome) {
    switch (wire::trust_in_shares(welcome)) {
        case wire::ShareTrust::macs:
            return true;
        case wire::ShareTrust::digests:
            if (!std::exchange(told_of_digests_, true)) {
                log_.info(
                    "the receiver is an older one: what it has of an interrupted send is compared "
                    "by checksums alone, which prove nothing about who sent it");
            }
            return true;
        case wire::ShareTrust::nothing:
            log_.warning(
                "the interrupted send of {} is given up: the receiver does not prove what "
                "it has of it",
                welcome.unfinished->name.text());
            return false;
    }
    return false;
}

bool JobRun::finish_interrupted(ReceiverLink& link, const wire::Unfinished& unfinished) {
    const auto snapshot = find_snapshot(local_, unfinished.uuid);
    const auto parent =
        unfinished.parent_uuid ? find_snapshot(local_, *unfinished.parent_uuid) : std::nullopt;
    if (!snapshot || parent.has_value() != unfinished.parent_uuid.has_value()) {
        log_.info("the interrupted send of {} is given up: {} no longer here",
                  unfinished.name.text(), snapshot ? "its parent is" : "it is");
        return false;
    }
    if (job_.stream && *job_.stream != unfinished.form) {
        log_.info("the interrupted send of {} is given up: its stream is {}, and {} is demanded",
                  unfinished.name.text(), stream::text_of(unfinished.form),
                  stream::text_of(*job_.stream));
        return false;
    }
    if (unfinished.form > btrfs::newest_send_form()) {
        log_.info("the interrupted send of {} is given up: this kernel cannot make its stream {}",
                  unfinished.name.text(), stream::text_of(unfinished.form));
        return false;
    }
    const auto offset = unfinished.shares.empty() ? 0 : unfinished.shares.back().end;
    log_.info("an interrupted send of {} is finished first: the receiver has {} of it",
              snapshot->name.text(), byte_text(offset));
    if (options_.dry_run) {
        link.send(wire::Goodbye{});
    } else {
        send_stream(link, *snapshot, parent, unfinished.form, unfinished.shares);
    }
    return true;
}

void JobRun::send_newest(ReceiverLink& link, const wire::Welcome& welcome) {
    const auto plan = plan_send(newest(), local_, welcome.snapshots, options_.force);
    report_plan(plan);
    if (std::holds_alternative<UpToDate>(plan)) {
        link.send(wire::Goodbye{});
        if (!options_.dry_run) {
            conclude(newest());
        }
        for (const auto& snapshot : welcome.snapshots) {
            report_.kept.push_back(snapshot.name.text());
        }
        return;
    }
    const auto choice = choose_stream(job_.stream, btrfs::newest_send_form(), welcome.forms);
    log_.info("the stream {} {}: {}", options_.dry_run ? "would be" : "is",
              stream::text_of(choice.form), choice.reason);
    if (options_.dry_run) {
        link.send(wire::Goodbye{});
        return;
    }
    send_stream(link, newest(), parent_in(plan), choice.form, {});
}

/// Says what will be done and why; refuses a full send where only an increment is wanted.
void JobRun::report_plan(const SendPlan& plan) {
    const auto& name = newest().name.text();
    if (const auto* up_to_date = std::get_if<UpToDate>(&plan)) {
        log_.info("nothing to send: {} is the newest, and {}", name, up_to_date->reason);
        return;
    }
    if (const auto* full = std::get_if<FullSend>(&plan);
        full != nullptr && options_.incremental_only) {
        throw Failure(ExitCode::no_parent,
                      fmt::format("{} could only be sent in full: {}", name, full->reason),
                      "run it once without --incremental-only");
    }
    const auto reason = std::visit([](const auto& chosen) { return chosen.reason; }, plan);
    const auto parent = parent_in(plan);
    log_.info("{} {} {}: {}", options_.dry_run ? "would send" : "sending", name,
              parent_text(parent), reason);
}

/// For a dry run: what is held beside the snapshots, and whether it still serves.
void JobRun::report_pins(const wire::Welcome& welcome) {
    for (const auto& pin : pins_.list()) {
        const bool finishes = welcome.unfinished && (welcome.unfinished->uuid == pin.uuid ||
                                                     welcome.unfinished->parent_uuid == pin.uuid);
        const bool serves =
            pin.uuid == newest().uuid || is_at_receiver(pin.uuid, welcome.snapshots);
        log_.info("pinned: {}, {}", escape_text(pin.path),
                  finishes ? "to finish what was interrupted"
                  : serves ? "until a newer one has arrived"
                           : "for nothing any more: the next good run removes it");
    }
}

void JobRun::send_stream(ReceiverLink& link, LocalSnapshot snapshot,
                         const std::optional<LocalSnapshot>& parent, stream::Form form,
                         const std::vector<wire::StreamShare>& shares) {
    if (job_.pin && !snapshot.pinned) {
        snapshot = pins_.pin(snapshot);
        local_.push_back(snapshot);
    }
    note_beginning(snapshot, parent);
    const auto started = std::chrono::steady_clock::now();
    const auto request = request_for(snapshot, parent, form);
    std::optional<Transfer> transfer;
    if (shares.empty() || !begin_where_it_stopped(transfer, request, shares, link)) {
        transfer.emplace(request, link, progress_);
    }
    const auto skipped = transfer->offset();
    link.send(wire::Announce{snapshot.name, snapshot.uuid, snapshot.transid,
                             parent ? std::optional(parent->uuid) : std::nullopt, form,
                             options_.force, skipped});
    (void)expect<wire::Ready>(link.await(), "that the stream may come");
    progress_.begin_stream(snapshot.name.text(), skipped);
    const auto estimate = estimate_of(request);
    transfer->run(CompressionTuning(takes_compressed_data_ ? job_.receiver.compression : 0));
    note_what_was_sent(progress_.view());
    progress_.enter(JobProgress::Phase::finishing);
    (void)expect<wire::Durable>(link.await(), "that the snapshot is on its disk");
    report_sent(snapshot, transfer->offset() - skipped, *transfer,
                std::chrono::steady_clock::now() - started);
    conclude(snapshot);
    report_result(expect<wire::Result>(link.await(), "what it kept"));
}

void JobRun::report_sent(const LocalSnapshot& snapshot, std::uint64_t bytes,
                         const Transfer& transfer, std::chrono::steady_clock::duration time) {
    log_.info("sent {}: {}{}; it is complete and on the receiver's disk", snapshot.name.text(),
              amount_text(bytes, time),
              transfer.was_compressed()
                  ? fmt::format(", compressed to {} on its way", byte_text(transfer.wire_bytes()))
                  : "");
}

void JobRun::report_result(const wire::Result& result) {
    report_.kept.clear();
    for (const auto& entry : result.kept) {
        report_.kept.push_back(entry.name.text());
    }
    report_.receiver_free_bytes = result.free_bytes;
    log_.info(
        "the receiver keeps {} and pruned {}; {} free",
        result.kept.size() == 1 ? "1 snapshot" : fmt::format("{} snapshots", result.kept.size()),
        names_of(result.pruned), byte_text(result.free_bytes));
}

std::unique_ptr<SizeEstimate> JobRun::estimate_of(const btrfs::SendRequest& request) {
    return options_.estimate ? std::make_unique<SizeEstimate>(request, progress_) : nullptr;
}

void JobRun::note_beginning(const LocalSnapshot& snapshot,
                            const std::optional<LocalSnapshot>& parent) {
    report_.snapshot = snapshot.name.text();
    report_.parent = parent ? parent->name.text() : "";
}

/// A stream that breaks has been sent as well, as far as it came.
void JobRun::note_what_was_sent(const JobProgress::View& at) {
    if (at.phase == JobProgress::Phase::sending) {
        report_.stream_bytes += at.offset - at.begin;
        report_.wire_bytes += at.wire_bytes;
    }
}

/// The kernel makes the same stream again, but not always: while a deleted snapshot that shares
/// extents is being cleaned away, it writes some that it would clone. So the cleaner is waited for,
/// and the stream gets a second chance.
bool JobRun::begin_where_it_stopped(std::optional<Transfer>& transfer,
                                    const btrfs::SendRequest& request,
                                    const std::vector<wire::StreamShare>& shares,
                                    ReceiverLink& link) {
    constexpr int chances = 2;
    for (int chance = 1; chance <= chances; ++chance) {
        wait_for_cleaner(request.snapshot, link);
        progress_.enter(JobProgress::Phase::comparing);
        transfer.emplace(request, link, progress_);
        if (transfer->skip(shares)) {
            return true;
        }
        log_.debug("the stream is not the one that was interrupted (try {} of {})", chance,
                   chances);
    }
    log_.info("the stream has changed since it was interrupted: starting over");
    return false;
}

/// The receiver has this snapshot, durably: what only served older ones may go.
void JobRun::conclude(const LocalSnapshot& snapshot) {
    report_.newest = snapshot.name.text();
    report_.newest_taken = snapshot.taken;
    try {
        write_last_sent(last_sent_file(job_.snapshot_dir, job_.source_tag), snapshot.name);
        pins_.keep_only(snapshot.uuid, log_);
    } catch (const std::exception& error) {
        log_.warning("the snapshot is safe, but this side could not note it: {}",
                     escape_text(error.what()));
    }
}

void JobRun::exchange_raw() {
    const auto last_sent = read_last_sent(last_sent_file(job_.snapshot_dir, job_.source_tag));
    const auto plan = plan_send_unasked(newest(), local_, last_sent, options_.force);
    report_plan(plan);
    if (std::holds_alternative<UpToDate>(plan) || options_.dry_run) {
        return;
    }
    // Nobody says what a classic receiver takes: what all take, unless a person knows better.
    const auto form =
        choose_stream(job_.stream.value_or(stream::Form::v1), btrfs::newest_send_form(),
                      stream::forms_up_to(stream::Form::v2_compressed))
            .form;
    const auto snapshot = job_.pin ? pins_.pin(newest()) : newest();
    note_beginning(snapshot, parent_in(plan));
    const auto started = std::chrono::steady_clock::now();
    std::uint64_t sent = 0;
    const auto send = [&](const std::optional<LocalSnapshot>& parent) {
        const auto request = request_for(snapshot, parent, form);
        progress_.begin_stream(snapshot.name.text(), 0);
        const auto estimate = estimate_of(request);
        sent = send_raw_stream(line_, command_for(job_), request, progress_, log_);
    };
    try {
        send(parent_in(plan));
    } catch (const Failure& failure) {
        if (failure.code() != ExitCode::no_parent || !parent_in(plan) ||
            options_.incremental_only) {
            throw;
        }
        log_.info("{}: sending in full", failure.what());
        send({});
    }
    report_.stream_bytes += sent;
    report_.wire_bytes += sent;
    log_.info("sent {}: {}", snapshot.name.text(),
              amount_text(sent, std::chrono::steady_clock::now() - started));
    conclude(snapshot);
}

}  // namespace snapferry::send
