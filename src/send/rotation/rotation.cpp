#include "snapferry/send/rotation/rotation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/rotation/held.h"
#include "snapferry/send/rotation/rotation_lock.h"
#include "snapferry/sys/btrfs/durability.h"
#include "snapferry/sys/btrfs/nested.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/systemd/calendar.h"

namespace snapferry::send {
namespace {

std::chrono::seconds zone_here(std::chrono::sys_seconds at) {
    return sys::local_offset(at);
}

std::chrono::sys_seconds clock_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// What is to be done, and what keeps from deleting: empty where nothing does.
struct Intended {
    Uuid subvolume;
    NewName made;
    RotationPlan plan;
    std::string why_no_deletion;
    std::string what_to_do;
};

btrfs::SubvolumeInfo look_at_subvolume(const std::filesystem::path& path) {
    if (const auto info = btrfs::subvolume_info(path, ExitCode::sending)) {
        return *info;
    }
    throw Failure(
        ExitCode::directory_missing,
        fmt::format("{} is no btrfs subvolume, or is not there", escape_text(path.native())),
        "is the disk mounted? btrfs subvolume list -o shows what there is");
}

std::set<std::string> names_in(const std::filesystem::path& directory) {
    std::set<std::string> names;
    for (const auto& entry : sys::entries_of(directory, ExitCode::directory_missing)) {
        names.insert(entry.name);
    }
    return names;
}

NewName choose_name(const Rotation& rotation, const SnapshotListing& listing) {
    const auto taken = names_in(rotation.snapshot_dir);
    auto choice = name_now({listing.snapshots, taken, rotation.tag, clock_now(), zone_here});
    if (const auto* const why = std::get_if<std::string>(&choice)) {
        throw Failure(ExitCode::configuration,
                      fmt::format("no snapshot of {} is made: {}",
                                  escape_text(rotation.subvolume.native()), *why),
                      "delete or rename what has that name, if it is not right");
    }
    return std::get<NewName>(std::move(choice));
}

/// Where it is not known what jobs need, a snapshot is made all the same, and nothing deleted.
std::vector<HeldSnapshot> look_for_held(const Rotation& rotation, Intended& intended) {
    try {
        return held_snapshots(rotation.snapshot_dir, rotation.tag);
    } catch (const Failure& failure) {
        intended.why_no_deletion = failure.what();
        intended.what_to_do = failure.hint();
        return {};
    }
}

/// Filesystems made before btrfs-progs 4.16 (2018) have a top level without one, and so their
/// snapshots of it look like anything that was received.
void require_uuid(const Rotation& rotation, const Uuid& subvolume, Intended& intended) {
    if (subvolume.is_null()) {
        intended.why_no_deletion =
            fmt::format("{} has no uuid, so nobody can tell which snapshots are of it",
                        escape_text(rotation.subvolume.native()));
        intended.what_to_do =
            "the top level of an old filesystem has none: rotate snapshots of a subvolume in it";
    }
}

Intended intend(const Rotation& rotation, bool deletes_many) {
    const auto subvolume = look_at_subvolume(rotation.subvolume);
    const auto listing = look_into(rotation.snapshot_dir);
    Intended intended{subvolume.uuid, choose_name(rotation, listing), {}, {}, {}};
    const auto held = look_for_held(rotation, intended);
    require_uuid(rotation, subvolume.uuid, intended);
    intended.plan =
        plan_rotation({subvolume.uuid, rotation.tag, listing.snapshots, listing.unfit, held,
                       rotation.keep, intended.made, zone_here, subvolume.received_uuid});
    if (const auto doubt = why_to_ask_first(intended.plan);
        doubt && !deletes_many && intended.why_no_deletion.empty()) {
        intended.why_no_deletion = *doubt + ", which is rarely meant";
        intended.what_to_do = "if it is meant, run snapferry rotate with --yes once";
    }
    return intended;
}

void say_what_is_beside(const Rotation& rotation, const Intended& intended, Severity severity,
                        Log& log) {
    if (!intended.made.why_not_now.empty()) {
        log.warning("{}", intended.made.why_not_now);
    }
    for (const auto& one : intended.plan.left_alone) {
        log.write(severity, fmt::format("{} stays: {}", escape_text(one.name), one.why));
    }
    try {
        for (const auto& path :
             btrfs::nested_subvolumes(intended.subvolume, rotation.snapshot_dir)) {
            log.write(severity,
                      fmt::format("{} is a subvolume of its own and in none of these snapshots",
                                  escape_text(path)));
        }
    } catch (const Failure& failure) {
        log.debug("{}", failure.what());
    }
}

void make(const Rotation& rotation, const NewName& made, Log& log) {
    try {
        btrfs::create_snapshot(rotation.subvolume, rotation.snapshot_dir / made.name.text(), true,
                               ExitCode::sending);
    } catch (const Failure& failure) {
        throw Failure(failure.code(), failure.what(),
                      "both have to lie on one btrfs that can be written and has room");
    }
    log.info("{} made of {}", escape_text(made.name.text()),
             escape_text(rotation.subvolume.native()));
}

/// True where it is gone. It is looked at once more: what was planned for is deleted, or nothing.
bool delete_one(const RotatedSnapshot& one, Log& log) {
    const auto info = btrfs::subvolume_info(one.path, ExitCode::sending);
    if (!info || info->uuid != one.own || !info->read_only) {
        log.warning("{} stays: it is not what it was a moment ago", escape_text(one.name));
        return false;
    }
    if (!btrfs::delete_lone_subvolume(one.path, ExitCode::sending)) {
        log.info("{} stays: it is being sent, or is the filesystem's default subvolume",
                 escape_text(one.name));
        return false;
    }
    log.info("{} deleted: {}", escape_text(one.name), one.reason);
    return true;
}

/// One that cannot be deleted keeps no other one; the first failure is told when all is done.
void delete_what_goes(const Rotation& rotation, const RotationPlan& plan, Log& log) {
    std::optional<Failure> first;
    bool is_any_gone = false;
    for (const auto& one : plan.snapshots) {
        if (one.stays) {
            log.debug("{} stays: {}", escape_text(one.name), one.reason);
            continue;
        }
        try {
            is_any_gone = delete_one(one, log) || is_any_gone;
        } catch (const Failure& failure) {
            first = first ? first : failure;
        }
    }
    if (is_any_gone) {
        btrfs::commit_transaction(rotation.snapshot_dir, ExitCode::sending);
    }
    if (first) {
        throw Failure(*first);
    }
}

void require_that_deleting_is_right(const Intended& intended) {
    if (!intended.why_no_deletion.empty()) {
        throw Failure(ExitCode::configuration, intended.why_no_deletion, intended.what_to_do);
    }
}

/// The disk vouches for the new one before anything older goes.
void delete_after(const Rotation& rotation, const Intended& intended, btrfs::Durability& disk,
                  Log& log) {
    disk.require();
    require_that_deleting_is_right(intended);
    delete_what_goes(rotation, intended.plan, log);
}

}  // namespace

std::optional<Failure> rotate(const Rotation& rotation, RotateManner manner, Log& log) {
    const auto lock = lock_rotation(rotation);
    const auto intended = intend(rotation, manner.deletes_many);
    say_what_is_beside(rotation, intended, manner.of_what_stays, log);
    btrfs::Durability disk(rotation.snapshot_dir, "the snapshots' disk");
    make(rotation, intended.made, log);
    try {
        delete_after(rotation, intended, disk, log);
        return std::nullopt;
    } catch (const Failure& failure) {
        const auto code =
            failure.code() == ExitCode::receiving ? ExitCode::sending : failure.code();
        return Failure(code,
                       fmt::format("{} was made, and not all that should go is deleted: {}",
                                   escape_text(intended.made.name.text()), failure.what()),
                       failure.hint());
    }
}

void say_what_rotate_would_do(const Rotation& rotation, Log& log) {
    const auto intended = intend(rotation, false);
    say_what_is_beside(rotation, intended, Severity::info, log);
    log.info("{} would be made of {}", escape_text(intended.made.name.text()),
             escape_text(rotation.subvolume.native()));
    for (const auto& one : intended.plan.snapshots) {
        if (!one.own.is_null()) {
            log.info("{} {}: {}", escape_text(one.name), one.stays ? "stays" : "would be deleted",
                     one.reason);
        }
    }
    if (!intended.why_no_deletion.empty()) {
        log.warning("nothing would be deleted: {}; {}", intended.why_no_deletion,
                    intended.what_to_do);
    }
    log.info("nothing was made or deleted: this was a dry run");
}

std::optional<std::chrono::sys_seconds> last_rotated(const Rotation& rotation) {
    const auto subvolume = look_at_subvolume(rotation.subvolume);
    return last_of_rotation(look_into(rotation.snapshot_dir).snapshots, subvolume.uuid,
                            rotation.tag, clock_now());
}

}  // namespace snapferry::send
