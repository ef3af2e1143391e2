#include "snapferry/receive/workplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/arrival_note.h"
#include "snapferry/receive/promotion.h"
#include "snapferry/receive/prune.h"
#include "snapferry/receive/space.h"
#include "snapferry/sys/btrfs/progs.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/file.h"

namespace snapferry::receive {
namespace {

/// A run that was just killed holds its lock until `btrfs receive` is gone too.
constexpr std::chrono::seconds lock_patience{5};

/// How long a failed receive waits for its space, for the next to have it.
constexpr std::chrono::seconds space_patience{30};

stream::Form find_newest_form() {
    const auto version = btrfs::progs_version();
    return version ? newest_form_of(*version) : stream::Form::v1;
}

sys::FileLock lock_tag(const Target& target, const Tag& tag) {
    if (auto lock = sys::FileLock::acquire(target.lock, lock_patience)) {
        return std::move(*lock);
    }
    throw Failure(ExitCode::busy, fmt::format("another run is receiving {}", tag.text()),
                  "it is left alone; try again when it has ended");
}

}  // namespace

Workplace::Workplace(const Tag& tag, const Config& config, Log& log)
    : tag_(tag),
      config_(config),
      policy_(config.policy_of(tag)),
      log_(log),
      target_(open_target(config, tag)),
      lock_(lock_tag(target_, tag)),
      disk_(config.target_dir, "the backup disk"),
      staging_(target_.staging, disk_),
      inventory_(take_inventory(target_.snapshots, config.trust_changed_snapshots)),
      newest_form_(find_newest_form()) {
    for (const auto& foreign : inventory_.foreign) {
        log.write(foreign.alarming ? Severity::warning : Severity::debug,
                  fmt::format("{} is not counted: {}", foreign.name, foreign.why));
    }
    if (!disk_.earlier_loss().empty()) {
        log_.warning(
            "the backup disk has lost what was written to it before this run: {}; see the "
            "kernel's log (dmesg), and run btrfs scrub start",
            disk_.earlier_loss());
    }
    find_checkpoint();
}

std::uint64_t Workplace::free_bytes() const {
    return btrfs::space_of(config_.target_dir).free;
}

void Workplace::find_checkpoint() {
    std::string why;
    checkpoint_ = read_checkpoint(target_.checkpoint, why);
    if (checkpoint_ && inventory_.find(checkpoint_->identity.uuid)) {
        why = "its snapshot is complete";
    } else if (checkpoint_ && !staging_.holds(checkpoint_->partial, checkpoint_->partial_uuid)) {
        why = "what it had received is gone";
    } else if (checkpoint_ && checkpoint_->alias_uuid &&
               !staging_.holds(Staging::alias_name, *checkpoint_->alias_uuid)) {
        why = "its parent is gone";
    } else if (checkpoint_ && checkpoint_->form > newest_form_) {
        why = "the btrfs-progs here no longer take its stream";
    }
    if (!why.empty()) {
        log_.info("the unfinished receive is given up: {}", escape_text(why));
        checkpoint_.reset();
    }
}

void Workplace::start_afresh() {
    checkpoint_.reset();
    sys::delete_file(target_.checkpoint);
    make_snapshot_directory(target_);
    staging_.make();
    staging_.empty();
}

void Workplace::require_space(const std::optional<Uuid>& parent) {
    try {
        receive::require_space(config_.target_dir, config_.reserve);
    } catch (const Failure&) {
        std::set<Uuid> needed;
        if (parent) {
            needed.insert(*parent);
        }
        (void)prune(target_.snapshots, inventory_, policy_, needed, disk_, log_);
        inventory_ = take_inventory(target_.snapshots, config_.trust_changed_snapshots);
        btrfs::wait_for_space(config_.target_dir, space_patience);
        receive::require_space(config_.target_dir, config_.reserve);
    }
}

void Workplace::clear_up(bool keep_checkpoint) {
    try {
        clear_staging(keep_checkpoint);
    } catch (const std::exception& error) {
        // The next run empties staging anyway; the failure that led here is what must be told.
        log_.info("staging could not be cleared up: {}", escape_text(error.what()));
    }
}

void Workplace::clear_staging(bool keep_checkpoint) {
    std::string why;
    const auto left = read_checkpoint(target_.checkpoint, why);
    if (left && keep_checkpoint) {
        staging_.empty({left->partial, Staging::alias_name});
        return;
    }
    sys::delete_file(target_.checkpoint);
    if (staging_.empty() && !btrfs::wait_for_space(staging_.path(), space_patience)) {
        log_.info("the space of the failed receive comes back in the background");
    }
}

void Workplace::check(const stream::StreamIdentity& identity) const {
    require_name_is_free(target_.snapshots, identity.name);
    (void)parent_of(identity);
}

std::optional<Uuid> Workplace::bring_parent_in(const stream::StreamIdentity& identity) const {
    const auto parent = parent_of(identity);
    if (!parent) {
        return std::nullopt;
    }
    const auto alias_uuid = staging_.make_alias(*parent);
    // A change that was in no transaction when the inventory was taken: the alias has it now.
    const auto info = btrfs::subvolume_info(*parent);
    if (!config_.trust_changed_snapshots && (!info || was_changed_after_promotion(*info))) {
        throw Failure(ExitCode::receiving,
                      fmt::format("{} was changed after it arrived: nothing is built on it",
                                  escape_text(parent->filename().native())),
                      "run it again: then another parent is chosen");
    }
    return alias_uuid;
}

std::optional<std::filesystem::path> Workplace::parent_of(
    const stream::StreamIdentity& identity) const {
    if (!identity.parent_uuid) {
        return std::nullopt;
    }
    const auto parent = inventory_.find(*identity.parent_uuid);
    if (!parent) {
        throw Failure(
            ExitCode::no_parent,
            fmt::format("the parent of {} is not here: no backup has the received uuid {}",
                        identity.name.text(), identity.parent_uuid->text()),
            "send it in full, or from a parent that is in the list");
    }
    return target_.snapshots / parent->name.text();
}

ReceptionSettings Workplace::reception_settings(bool checkpoints) const {
    return {{config_.nice, config_.io_class, config_.disk_timeout, lock_.descriptor()},
            target_.checkpoint,
            checkpoints,
            config_.checkpoint_every,
            config_.checkpoint_interval,
            newest_form_,
            config_.reserve};
}

/// For who asks while the disk is away, which it is only with hooks. Nothing depends on it.
void Workplace::note_arrival() const {
    if (config_.before_receive.empty()) {
        return;
    }
    try {
        receive::note_arrival(arrival_notes, tag_);
    } catch (const std::exception& error) {
        log_.info("the arrival could not be noted: {}", escape_text(error.what()));
    }
}

wire::Result Workplace::complete(const Received& received,
                                 const std::function<void()>& when_durable) {
    const auto& name = received.identity.name;
    const bool replaces =
        std::any_of(inventory_.backups.begin(), inventory_.backups.end(),
                    [&](const Backup& backup) { return backup.name.text() == name.text(); });
    promote(received, target_.snapshots, disk_, log_);
    if (replaces) {
        log_.info("{} replaces a copy that was here", name.text());
    }
    when_durable();
    note_arrival();
    inventory_ = take_inventory(target_.snapshots, config_.trust_changed_snapshots);
    auto result = prune(target_.snapshots, inventory_, policy_, {}, disk_, log_);
    start_afresh();
    return result;
}

}  // namespace snapferry::receive
