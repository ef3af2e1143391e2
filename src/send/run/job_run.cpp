#include "snapferry/send/run/job_run.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/stream_choice.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/share_trust.h"
#include "snapferry/send/here/last_sent.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/send/stream/raw_stream.h"
#include "snapferry/send/stream/size_estimate.h"

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

std::string address_of(const Job& job) {
    const auto& destination = job.receiver.destination;
    return fmt::format("{}:{}", destination.host, destination.port);
}

std::optional<LocalSnapshot> parent_in(const SendPlan& plan) {
    const auto* incremental = std::get_if<IncrementalSend>(&plan);
    return incremental == nullptr ? std::nullopt : std::optional(incremental->parent);
}

/// Says something about what was sent, or what it builds on, and would say it again. (What broke
/// the connection, a full disk or a key that is refused does not.)
bool counts_against_what_was_sent(const Failure& failure) {
    if (dynamic_cast<const PassingFailure*>(&failure) != nullptr) {
        return false;
    }
    switch (failure.code()) {
        case ExitCode::no_parent:
        case ExitCode::sending:
        case ExitCode::receiving:
        case ExitCode::refused_stream:
        case ExitCode::internal:
            return true;
        case ExitCode::protocol:  // where the receiver has not just fallen silent
            return dynamic_cast<const ReceiverFailed*>(&failure) != nullptr;
        default:
            return false;
    }
}

SentSnapshot record_of(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    return {snapshot.name.text(), snapshot.uuid,
            snapshot.pinned ? snapshot.stands_for : snapshot.transid, copy};
}

Failure cannot_be_sent(const FailedPart& bad) {
    return {
        bad.code,
        fmt::format("{} cannot be sent: it failed twice in the same way: {}", escape_text(bad.name),
                    bad.words),
        "newer snapshots go on being sent; mend what is named, then either send it with --force "
        "while it is the newest, or delete this snapshot"};
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
      pins_(job.snapshot_dir, job.dest_tag),
      memory_(job.snapshot_dir, job.dest_tag, address_of(job), log),
      view_(job, pins_, log) {}

void JobRun::run() {
    view_.settle();
    view_.look();
    with_retries(job_.retries, log_, [this] {
        progress_.enter(JobProgress::Phase::connecting);
        rounds_ = 0;
        try {
            while (exchange()) {
                view_.look();
            }
        } catch (const Failure&) {
            note_what_was_sent(report_, progress_.view());
            line_.hang_up();  // whatever is left of it is not to be relied on
            throw;
        }
    });
    require_that_nothing_is_left_out();
}

bool JobRun::exchange() {
    if (job_.protocol == Protocol::raw) {
        question_before_raw(line_, job_.dest_tag, log_);
        exchange_raw();
        return false;
    }
    std::optional<ReceiverLink> link;
    try {
        link.emplace(line_, job_.dest_tag, log_);
    } catch (const ClassicReceiver& classic) {
        log_.info(
            "the receiver is a classic one ({}): sending as the classic script did; it cannot say "
            "what it has, and what was noted as sent last counts",
            classic.what());
        exchange_raw();
        return false;
    }
    return exchange_framed(*link);
}

bool JobRun::exchange_framed(ReceiverLink& link) {
    constexpr unsigned most_rounds = 16;  // more than there are ways: a receiver may lie for ever
    if (++rounds_ > most_rounds) {
        throw Failure(ExitCode::protocol,
                      "the receiver has something unfinished again and again: this run gives up");
    }
    const auto welcome = expect<wire::Welcome>(link.await(), "what it has");
    require_tag(welcome.tag);
    log_.debug("{} has {} snapshots of {}, {} free", escape_text(welcome.program),
               welcome.snapshots.size(), job_.dest_tag.text(), byte_text(welcome.free_bytes));
    view_.identify(memory_.sent(), welcome.snapshots);
    note_what_is_there(welcome);
    if (!welcome.makes_macs) {
        tell_once(
            Severity::info,
            "the receiver is an older one: its copies are told apart by their uuids, and what "
            "it has of an interrupted send is compared by checksums, which prove nothing about "
            "who sent it");
    }
    warn_of_foreign_copies(welcome);
    if (options_.dry_run) {
        report_pins(welcome);
    } else if (has_something_for(welcome) && line_.change_cipher_for(welcome.has_fast_aes)) {
        log_.debug("connecting again with the cipher that suits the receiver's processor");
        link.send(wire::Goodbye{});
        return true;
    }
    auto order = order_to_finish(welcome);
    const bool finishes = order.has_value();
    if (!order) {
        order = order_for_newest(welcome);
    }
    if (!order || options_.dry_run) {
        link.send(wire::Goodbye{});
        return false;
    }
    order->receiver_free_bytes = welcome.free_bytes;
    order->compression = welcome.takes_compressed_data ? job_.receiver.compression : 0;
    return send_stream(link, std::move(*order)) || finishes;
}

CopyAtReceiver JobRun::there_of(const LocalSnapshot& snapshot, const wire::Welcome& welcome) const {
    return copy_at_receiver(snapshot.uuid, memory_.sent(), welcome.snapshots);
}

SendSituation JobRun::situation(const wire::Welcome& welcome) const {
    return {view_.all(), welcome.snapshots, memory_.sent(), memory_.attempts(), options_.force};
}

/// So that a run that fails later also tells how old the newest backup is.
void JobRun::note_what_is_there(const wire::Welcome& welcome) {
    report_.receiver_free_bytes = welcome.free_bytes;
    for (const auto& snapshot : view_.all()) {
        if (snapshot.name.has_tag(job_.source_tag) && snapshot.name.text() > report_.newest &&
            there_of(snapshot, welcome).is_good()) {
            report_.newest = snapshot.name.text();
            report_.newest_taken = snapshot.taken;
        }
    }
}

void JobRun::tell_once(Severity severity, const std::string& line) {
    if (told_.insert(line).second) {
        log_.write(severity, line);
    }
}

/// Who has the key can send anything under any uuid. What this side did not send is not built on.
void JobRun::warn_of_foreign_copies(const wire::Welcome& welcome) {
    for (const auto& snapshot : view_.all()) {
        const auto there = there_of(snapshot, welcome);
        if (there.trust == CopyTrust::foreign) {
            tell_once(Severity::warning,
                      fmt::format("the receiver's {} is not the copy that was sent from here: "
                                  "nothing is built on it. Has somebody else used this key? See "
                                  "\"After a burglary\" in docs/security.md",
                                  escape_text(there.snapshot->name.text())));
        }
    }
}

bool JobRun::has_something_for(const wire::Welcome& welcome) const {
    const auto plan = plan_send(view_.newest(), situation(welcome));
    return welcome.unfinished || std::holds_alternative<FullSend>(plan) ||
           std::holds_alternative<IncrementalSend>(plan);
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

bool JobRun::is_another_copy(const LocalSnapshot& parent, const std::optional<Uuid>& copy) const {
    const auto* sent = find_sent(memory_.sent(), parent.uuid);
    return sent != nullptr && sent->copy && copy && *sent->copy != *copy;
}

/// Empty where it is to be gone on with.
std::string JobRun::why_given_up(const wire::Unfinished& unfinished) const {
    const auto snapshot = find_snapshot(view_.all(), unfinished.uuid);
    const auto parent =
        unfinished.parent_uuid ? find_snapshot(view_.all(), *unfinished.parent_uuid) : std::nullopt;
    if (options_.force && begun_here_ != unfinished.uuid) {
        return "a forced send builds on nothing";
    }
    if (!snapshot || snapshot->goes_by_pin_only()) {
        return "it is no longer here";
    }
    if (unfinished.parent_uuid && (!parent || parent->goes_by_pin_only())) {
        return "its parent is no longer here";
    }
    if (parent && is_another_copy(*parent, unfinished.parent_copy)) {
        return "it builds on another copy of its parent than the one that was sent from here";
    }
    const auto& attempts = memory_.attempts();
    if (attempts.is_spent(FailedPart::Kind::checkpoint, unfinished.uuid)) {
        return "to go on with it has failed twice";
    }
    if (parent && attempts.is_spent(FailedPart::Kind::parent, parent->uuid)) {
        return "its parent has failed twice";
    }
    if (attempts.is_spent(FailedPart::Kind::snapshot, unfinished.uuid)) {
        return "the snapshot cannot be sent: it has failed twice";
    }
    if (job_.stream && *job_.stream != unfinished.form) {
        return fmt::format("its stream is {}, and {} is demanded", stream::text_of(unfinished.form),
                           stream::text_of(*job_.stream));
    }
    if (unfinished.form > btrfs::newest_send_form()) {
        return fmt::format("this kernel cannot make its stream {}",
                           stream::text_of(unfinished.form));
    }
    return {};
}

std::optional<StreamOrder> JobRun::order_to_finish(const wire::Welcome& welcome) {
    if (!welcome.unfinished) {
        return std::nullopt;
    }
    const auto& unfinished = *welcome.unfinished;
    // Whoever had the key for a while may have sent the beginning that is finished now.
    if (wire::trust_in_shares(welcome) == wire::ShareTrust::nothing) {
        log_.warning(
            "the interrupted send of {} is given up: the receiver does not prove what it has of it",
            unfinished.name.text());
        return std::nullopt;
    }
    if (const auto why = why_given_up(unfinished); !why.empty()) {
        log_.info("the interrupted send of {} is given up: {}", unfinished.name.text(), why);
        return std::nullopt;
    }
    StreamOrder order{find_snapshot(view_.all(), unfinished.uuid).value()};
    if (unfinished.parent_uuid) {
        order.parent = find_snapshot(view_.all(), *unfinished.parent_uuid);
    }
    order.parent_copy = unfinished.parent_copy;
    order.replace = there_of(order.snapshot, welcome).trust != CopyTrust::absent;
    order.form = unfinished.form;
    order.shares = unfinished.shares;
    const auto offset = order.shares.empty() ? 0 : order.shares.back().end;
    log_.info("an interrupted send of {} is finished first: the receiver has {} of it",
              order.snapshot.name.text(), byte_text(offset));
    return order;
}

std::optional<StreamOrder> JobRun::order_for_newest(const wire::Welcome& welcome) {
    const auto plan = plan_send(view_.newest(), situation(welcome));
    report_plan(plan);
    if (std::holds_alternative<UpToDate>(plan)) {
        if (!options_.dry_run) {
            accept_as_it_is(view_.newest(), welcome);
        }
        return std::nullopt;
    }
    StreamOrder order{view_.newest(), parent_in(plan)};
    if (const auto* incremental = std::get_if<IncrementalSend>(&plan)) {
        order.parent_copy = incremental->parent_copy;
    }
    const auto choice = choose_stream(job_.stream, btrfs::newest_send_form(), welcome.forms);
    log_.info("the stream {} {}: {}", options_.dry_run ? "would be" : "is",
              stream::text_of(choice.form), choice.reason);
    order.form = choice.form;
    order.replace = options_.force || there_of(order.snapshot, welcome).trust != CopyTrust::absent;
    order.estimate = options_.estimate;
    return order;
}

/// Says what will be done and why; refuses a full send where only an increment is wanted, and one
/// that has failed in every way.
void JobRun::report_plan(const SendPlan& plan) {
    const auto& name = view_.newest().name.text();
    if (const auto* cannot = std::get_if<CannotSend>(&plan)) {
        throw cannot_be_sent(cannot->failure);
    }
    if (const auto* up_to_date = std::get_if<UpToDate>(&plan)) {
        log_.info("nothing to send: {} is the newest, and {}", name, up_to_date->reason);
        return;
    }
    const auto* full = std::get_if<FullSend>(&plan);
    if (full != nullptr && options_.incremental_only) {
        throw Failure(ExitCode::no_parent,
                      fmt::format("{} could only be sent in full: {}", name, full->reason),
                      "run it once without --incremental-only");
    }
    const auto parent = parent_in(plan);
    const auto reason = full != nullptr ? full->reason : std::get<IncrementalSend>(plan).reason;
    log_.info("{} {} {}: {}", options_.dry_run ? "would send" : "sending", name,
              parent_text(parent), reason);
}

/// For a dry run: what is held beside the snapshots, and whether it still serves.
void JobRun::report_pins(const wire::Welcome& welcome) {
    for (const auto& pin : pins_.list()) {
        const bool finishes = welcome.unfinished && (welcome.unfinished->uuid == pin.uuid ||
                                                     welcome.unfinished->parent_uuid == pin.uuid);
        const bool serves = pin.uuid == view_.newest().uuid || there_of(pin, welcome).is_good();
        log_.info("pinned: {}, {}", escape_text(pin.path),
                  finishes ? "to finish what was interrupted"
                  : serves ? "until a newer one has arrived"
                           : "for nothing any more: the next good run removes it");
    }
}

/// True where it failed, but another way is left to try at once.
bool JobRun::send_stream(ReceiverLink& link, StreamOrder order) {
    if ((job_.pin || order.snapshot.goes_by_pin_only()) && !order.snapshot.pinned) {
        order.snapshot = pins_.pin(order.snapshot);
        view_.add(order.snapshot);
    }
    note_beginning(order.snapshot, order.parent);
    Attempt attempt{order.snapshot.uuid, order.snapshot.name.text(), {}, !order.shares.empty()};
    if (order.parent) {
        attempt.parent = order.parent->uuid;
    }
    try {
        send_framed(link, order, attempt);
        return false;
    } catch (const Failure& failure) {
        if (!counts_against_what_was_sent(failure)) {
            throw;
        }
        memory_.attempts().failed(attempt, failure.code(), escape_text(failure.what()));
        memory_.save();
        if (!has_another_way(attempt)) {
            throw;
        }
        log_.warning("{}: {}; this has failed twice, and another way is tried", attempt.name,
                     failure.what());
        note_what_was_sent(report_, progress_.view());
        line_.hang_up();
        return true;
    }
}

bool JobRun::has_another_way(const Attempt& attempt) const {
    const auto& attempts = memory_.attempts();
    const bool newest_is_another = view_.newest().uuid != attempt.snapshot;
    if (attempts.is_spent(FailedPart::Kind::snapshot, attempt.snapshot)) {
        return newest_is_another;
    }
    return attempt.resumed
               ? attempts.is_spent(FailedPart::Kind::checkpoint, attempt.snapshot)
               : attempt.parent && attempts.is_spent(FailedPart::Kind::parent, *attempt.parent);
}

void JobRun::send_framed(ReceiverLink& link, const StreamOrder& order, Attempt& attempt) {
    FramedSend sending(link, log_, progress_, report_);
    sending.begin(order);
    attempt.resumed = sending.is_resumed();
    if (!attempt.resumed) {
        memory_.attempts().begun_afresh(attempt.snapshot);
        memory_.begun(record_of(order.snapshot, {}));
        memory_.save();
        begun_here_ = attempt.snapshot;
    }
    const auto durable = sending.run([&] {
        memory_.is_whole(attempt.snapshot);
        memory_.save();
    });
    memory_.attempts().succeeded(attempt);
    conclude(order.snapshot, durable.copy);
    report_result(expect<wire::Result>(link.await(), "what it kept"));
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

void JobRun::note_beginning(const LocalSnapshot& snapshot,
                            const std::optional<LocalSnapshot>& parent) {
    report_.snapshot = snapshot.name.text();
    report_.parent = parent ? parent->name.text() : "";
}

void JobRun::accept_as_it_is(const LocalSnapshot& snapshot, const wire::Welcome& welcome) {
    const auto there = there_of(snapshot, welcome);
    if (there.trust == CopyTrust::first_contact) {
        log_.info(
            "nothing here remembers sending {}: the receiver's copy is taken for it, by its uuid, "
            "this once",
            snapshot.name.text());
    }
    conclude(snapshot, there.snapshot->copy);
    for (const auto& entry : welcome.snapshots) {
        report_.kept.push_back(entry.name.text());
    }
}

void JobRun::conclude(const LocalSnapshot& snapshot, const std::optional<Uuid>& copy) {
    report_.newest = snapshot.name.text();
    report_.newest_taken = snapshot.taken;
    memory_.arrived(record_of(snapshot, copy));
    auto here = view_.uuids();
    here.insert(snapshot.uuid);
    memory_.keep_only(here);
    memory_.save();
    try {
        write_last_sent(last_sent_file(job_.snapshot_dir, job_.source_tag), snapshot.name);
        pins_.keep_only({snapshot.uuid}, log_);
    } catch (const std::exception& error) {
        log_.warning("the snapshot is safe, but this side could not note it: {}",
                     escape_text(error.what()));
    }
}

/// A newer snapshot that arrived does not make up for one that cannot be sent: it stays a failure
/// until it is gone.
void JobRun::require_that_nothing_is_left_out() {
    const auto here = view_.uuids();
    for (const auto& bad : memory_.attempts().bad_snapshots()) {
        if (here.contains(bad.uuid)) {
            throw cannot_be_sent(bad);
        }
    }
}

/// What was remembered counts before the file: that is one for all receivers, and a name can be
/// used again. Where only the file tells, a snapshot that is younger than it cannot be the one it
/// names.
std::string JobRun::last_sent_to_a_classic_one() const {
    if (const auto* last = last_arrived(memory_.sent())) {
        return last->name;
    }
    const auto file = last_sent_file(job_.snapshot_dir, job_.source_tag);
    const auto name = read_last_sent(file);
    struct stat data {};
    const bool is_older =
        ::stat(file.c_str(), &data) == 0 &&
        std::chrono::sys_seconds(std::chrono::seconds(data.st_mtim.tv_sec)) < view_.newest().taken;
    return name == view_.newest().name.text() && is_older ? std::string{} : name;
}

void JobRun::exchange_raw() {
    view_.identify(memory_.sent(), {});
    const auto& newest = view_.newest();
    const auto plan = plan_send_unasked(newest, view_.all(), memory_.sent(),
                                        last_sent_to_a_classic_one(), options_.force);
    report_plan(plan);
    if (std::holds_alternative<UpToDate>(plan) || options_.dry_run) {
        return;
    }
    // Nobody says what a classic receiver takes: what all take, unless a person knows better.
    const auto form =
        choose_stream(job_.stream.value_or(stream::Form::v1), btrfs::newest_send_form(),
                      stream::forms_up_to(stream::Form::v2_compressed))
            .form;
    const auto snapshot = job_.pin || newest.goes_by_pin_only() ? pins_.pin(newest) : newest;
    note_beginning(snapshot, parent_in(plan));
    const auto started = std::chrono::steady_clock::now();
    std::uint64_t sent = 0;
    const auto send = [&](const std::optional<LocalSnapshot>& parent) {
        btrfs::SendRequest request{snapshot.path, {}, form, false};
        if (parent) {
            request.parent = parent->path;
        }
        progress_.begin_stream(snapshot.name.text(), 0);
        const auto estimate =
            options_.estimate ? std::make_unique<SizeEstimate>(request, progress_) : nullptr;
        sent = send_raw_stream(line_, job_.dest_tag, request, progress_, log_);
    };
    const auto parent = parent_in(plan);
    Attempt attempt{snapshot.uuid, snapshot.name.text(), {}, false};
    if (parent) {
        attempt.parent = parent->uuid;
    }
    try {
        send(parent);
    } catch (const Failure& failure) {
        if (!parent || !counts_against_what_was_sent(failure)) {
            throw;
        }
        memory_.attempts().failed(attempt, failure.code(), escape_text(failure.what()));
        memory_.save();
        if (failure.code() != ExitCode::no_parent &&
            !memory_.attempts().is_spent(FailedPart::Kind::parent, parent->uuid)) {
            throw;
        }
        if (options_.incremental_only) {
            throw;
        }
        log_.info("{}: sending in full", failure.what());
        send({});
    }
    memory_.attempts().succeeded({snapshot.uuid, snapshot.name.text(), {}, false});
    report_.stream_bytes += sent;
    report_.wire_bytes += sent;
    log_.info("sent {}: {}", snapshot.name.text(),
              amount_text(sent, std::chrono::steady_clock::now() - started));
    conclude(snapshot, {});
}

}  // namespace snapferry::send
