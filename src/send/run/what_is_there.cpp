#include "snapferry/send/run/what_is_there.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "snapferry/core/failure.h"
#include "snapferry/core/plan/newest.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/sys/btrfs/devices.h"

namespace snapferry::send {
namespace {

/// What was sent last may be here no more, not even as a pin.
bool still_has_last(const LastArrived& last, const wire::Welcome& welcome) {
    return std::any_of(welcome.snapshots.begin(), welcome.snapshots.end(),
                       [&](const RemoteSnapshot& there) {
                           return there.uuid == last.uuid &&
                                  (!last.copy || !there.copy || last.copy == there.copy);
                       });
}

/// Snapshots and pins, and what is remembered besides, of which the receiver has a copy.
std::vector<LocalSnapshot> known_there(const RunningJob& run, const wire::Welcome& welcome) {
    std::vector<LocalSnapshot> known;
    for (const auto& snapshot : run.view.all()) {
        if (snapshot.name.has_tag(run.job.source_tag) &&
            there_of(run, snapshot, welcome).is_good()) {
            known.push_back(snapshot);
        }
    }
    for (const auto& sent : run.memory.sent()) {
        const auto snapshot = from_memory(sent);
        if (snapshot && snapshot->name.has_tag(run.job.source_tag) &&
            !find_snapshot(run.view.all(), sent.uuid) &&
            there_of(run, *snapshot, welcome).is_good()) {
            known.push_back(*snapshot);
        }
    }
    return known;
}

bool is_newer(const LastArrived& last, const LocalSnapshot& other) {
    const auto remembered = from_memory({last.name, last.uuid, {}, last.copy});
    return remembered && comes_before(other, *remembered);
}

/// A pin is younger than what it is of: when that was taken is remembered.
std::optional<LastArrived> newest_there(const RunningJob& run, const wire::Welcome& welcome) {
    const auto there = known_there(run, welcome);
    const auto newest = std::max_element(there.begin(), there.end(), comes_before);
    const auto& last = run.memory.last_arrived();
    const bool is_last =
        last && (newest == there.end() || newest->uuid == last->uuid || is_newer(*last, *newest));
    if (is_last && still_has_last(*last, welcome)) {
        return last;
    }
    return newest == there.end()
               ? std::nullopt
               : std::optional(LastArrived{newest->name.text(), newest->uuid, {}, newest->taken});
}

/// The newest there, what is to be gone on with, and what arrived last: should the receiver's disk
/// not be the one that it usually has, that is still wanted for the other.
std::set<Uuid> needed_pins(const RunningJob& run, const std::optional<LastArrived>& newest,
                           const wire::Welcome& welcome) {
    std::set<Uuid> needed;
    const auto need = [&](const auto& one) {
        if (one) {
            needed.insert(*one);
        }
    };
    need(newest ? std::optional(newest->uuid) : std::nullopt);
    const auto& last = run.memory.last_arrived();
    need(last ? std::optional(last->uuid) : std::nullopt);
    need(run.begun_here);
    if (welcome.unfinished) {
        needed.insert(welcome.unfinished->uuid);
        need(welcome.unfinished->parent_uuid);
    }
    return needed;
}

/// So that a run that fails later also tells how old the newest backup is.
void note_backups(RunningJob& run, const wire::Welcome& welcome) {
    run.report.receiver_free_bytes = welcome.free_bytes;
    if (welcome.word) {
        run.report.receiver_word = welcome.word;
    }
    auto& kept = run.report.kept.emplace();
    for (const auto& backup : welcome.snapshots) {
        kept.push_back(backup.name.text());
    }
    const auto newest = newest_there(run, welcome);
    run.report.newest = newest ? NewestBackup(DurableSnapshot{newest->name, newest->taken})
                               : NewestBackup(NothingThere{});
    run.needs_pins(needed_pins(run, newest, welcome));
    if (run.when_backups_are_known) {
        run.when_backups_are_known();
    }
}

void tell_of_older_receiver(RunningJob& run, const wire::Welcome& welcome) {
    if (!welcome.makes_macs) {
        run.tell_once(
            Severity::info,
            "the receiver is an older one: its copies are told apart by their uuids, and what "
            "it has of an interrupted send is compared by checksums, which prove nothing about "
            "who sent it");
    }
}

/// A disk that was forgotten here, or was filled from another one, is no crime.
std::string foreign_text(const RunningJob& run, const Uuid& uuid, const SnapshotName& name) {
    const bool is_of_another_disk = find_sent(run.memory.present_disk().sent, uuid) == nullptr;
    return fmt::format(
        "the receiver's {} is not the copy that was sent from here: nothing is built on it. {}"
        "Has somebody else used this key? See \"After a burglary\" in docs/security.md",
        escape_text(name.text()),
        is_of_another_disk ? "It was sent to another disk, as far as is remembered here. If this "
                             "one was not forgotten, and not copied from that one: "
                           : "");
}

/// Who has the key can send anything under any uuid. What this side did not send is not built on.
void warn_of_foreign_copies(RunningJob& run, const wire::Welcome& welcome) {
    for (const auto& snapshot : run.view.all()) {
        const auto there = there_of(run, snapshot, welcome);
        if (there.trust == CopyTrust::foreign) {
            run.tell_once(Severity::warning,
                          foreign_text(run, snapshot.uuid, there.snapshot->name));
        }
    }
}

/// What a disk cannot read any more is gone with its copy on it.
void require_another_disk(const Job& job, const wire::Welcome& welcome) {
    if (!welcome.disk) {
        throw FinalFailure(ExitCode::directory_missing,
                           "the receiver cannot tell which filesystem it keeps the backups on",
                           "see whether its disk answers: sudo dmesg");
    }
    if (*welcome.disk == btrfs::filesystem_uuid(job.snapshot_dir)) {
        throw FinalFailure(
            ExitCode::configuration,
            fmt::format("target_dir in {} is on the filesystem of {} itself: a backup there is "
                        "lost with what it is of",
                        escape_text(job.receiver.local_config.native()),
                        escape_text(job.snapshot_dir.native())),
            "mount the backup disk, or give it a target_dir on that; mount_point there says what "
            "must be mounted");
    }
}

}  // namespace

/// A key may be bound to one tag at the receiver. With another job's key, two series would mix
/// there, and prune each other.
void require_tag(const Tag& wanted, const std::string& tag) {
    if (tag != wanted.text()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("this key receives into {} at the receiver, not into {}",
                                  escape_text(tag), wanted.text()),
                      "give the job the key whose command= in authorized_keys names its tag");
    }
}

void take_in(RunningJob& run, const wire::Welcome& welcome) {
    require_tag(run.job.dest_tag, welcome.tag);
    if (run.job.receiver.is_local()) {
        require_another_disk(run.job, welcome);
    }
    run.log.debug("{} has {} snapshots of {}, {} free", escape_text(welcome.program),
                  welcome.snapshots.size(), run.job.dest_tag.text(), byte_text(welcome.free_bytes));
    if (welcome.disk) {
        run.memory.disk_is(*welcome.disk, welcome.snapshots);
    }
    if (run.take_over_former_job(welcome.snapshots)) {
        run.view.look();
    }
    run.view.identify(run.memory.sent(), welcome.snapshots);
    run.there = welcome.snapshots;
    run.receiver_takes_manifests = welcome.takes_manifests;
    note_backups(run, welcome);
    tell_of_older_receiver(run, welcome);
    warn_of_foreign_copies(run, welcome);
}

CopyAtReceiver there_of(const RunningJob& run, const LocalSnapshot& snapshot,
                        const wire::Welcome& welcome) {
    return copy_at_receiver(snapshot.uuid, run.memory.sent(), welcome.snapshots);
}

std::optional<LocalSnapshot> from_memory(const SentSnapshot& sent) {
    const auto name = SnapshotName::parse(sent.name);
    if (!name || sent.unfinished) {
        return std::nullopt;
    }
    LocalSnapshot snapshot{*name, {}, sent.uuid, {}, sent.transid};
    snapshot.uuid = sent.uuid;
    snapshot.named = named_time(sent.name, {});
    snapshot.taken = snapshot.named.value_or(std::chrono::sys_seconds{});
    return snapshot;
}

SendSituation situation_of(const RunningJob& run, const wire::Welcome& welcome) {
    return {run.view.all(),
            welcome.snapshots,
            run.memory.sent(),
            run.memory.attempts(),
            run.is_forced(),
            known_there(run, welcome),
            std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
}

}  // namespace snapferry::send
