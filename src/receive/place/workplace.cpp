#include "snapferry/receive/place/workplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/alarm.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/receive/backups/arrival_note.h"
#include "snapferry/receive/backups/locks.h"
#include "snapferry/receive/backups/prune.h"
#include "snapferry/receive/place/promotion.h"
#include "snapferry/receive/place/replacement.h"
#include "snapferry/receive/space/room.h"
#include "snapferry/sys/btrfs/compressed_extents.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/progs.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/file.h"

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
      target_(open_target(config, tag, log)),
      lock_(lock_tag(target_, tag)),
      disk_(config.target_dir, "the backup disk"),
      rooms_{Staging(target_.rooms[0], disk_), Staging(target_.rooms[1], disk_)},
      ages_(target_, log),
      newest_form_(find_newest_form()) {
    look_through();
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

/// What an earlier run was killed in is finished first: then the names are right.
void Workplace::look_through() {
    finish_replacements(target_.snapshots, log_);
    inventory_ = take_inventory(target_.snapshots, config_.trust_changed_snapshots);
    ages_.settle(inventory_, arrived_);
    mark_locked(inventory_, target_.locks);
    try {
        derived_ = find_stand_ins(config_, tag_);
    } catch (const std::exception& error) {  // they are parents of last resort
        log_.warning("what was derived cannot be looked at: {}", escape_text(error.what()));
    }
}

std::vector<StandIn> Workplace::stand_ins() const {
    std::set<Uuid> there;
    for (const auto& backup : inventory_.backups) {
        there.insert(backup.copy);
    }
    auto found = derived_;
    std::erase_if(found, [&](const StandIn& one) { return !there.insert(one.stands_for).second; });
    return found;
}

void Workplace::require_not_derived() const {
    const auto& present = ages_.book().present;
    const bool holds_derived = std::any_of(present.begin(), present.end(), [](const auto& one) {
        return one.second.origin.has_value();
    });
    const auto origin = config_.origin_of(tag_);
    if (origin || holds_derived) {
        throw Failure(ExitCode::bad_tag,
                      fmt::format("nothing is sent into {}: its backups are derived from those of "
                                  "{} at the receiver",
                                  tag_.text(), origin.value_or("another tag")),
                      fmt::format("send into {}", origin.value_or("that tag, or into a new one")));
    }
}

wire::Result Workplace::prune(const std::set<Uuid>& needed) {
    return receive::prune({tag_, target_, inventory_, policy_, ages_.now(), needed, false, told_},
                          disk_, log_);
}

void Workplace::tell_what_is_held() {
    told_ = why_nothing_is_pruned({tag_, target_, inventory_, policy_, ages_.now()}, plan());
    if (!told_.empty()) {
        log_.warning("{}", told_);
    }
}

ManifestShelf Workplace::manifests() {
    return {target_, config_, inventory_, derived_, disk_, log_};
}

std::set<Uuid> Workplace::needed_by_unfinished() const {
    const auto copy = unfinished_parent_copy();
    return copy ? std::set{*copy} : std::set<Uuid>{};
}

std::vector<RetentionDecision> Workplace::plan() const {
    return plan_retention(inventory_.backups, policy_, ages_.now(), needed_by_unfinished());
}

void Workplace::require_no_alarm() const {
    if (const auto alarm = read_alarm(target_.alarm); alarm.active) {
        throw Failure(ExitCode::busy, alarm_text(tag_, *alarm.active));
    }
}

std::optional<std::uint64_t> Workplace::files_of(const Uuid& copy) const {
    const auto& present = ages_.book().present;
    if (const auto found = present.find(copy); found != present.end()) {
        return found->second.files;
    }
    const auto other = std::find_if(derived_.begin(), derived_.end(),
                                    [&](const StandIn& one) { return one.backup.copy == copy; });
    return other == derived_.end() ? std::nullopt : other->files;
}

/// The alias in this run's room is a snapshot of it.
std::optional<std::uint64_t> Workplace::files_of_parent() const {
    const auto alias = btrfs::subvolume_info(staging().entry(Staging::alias_name));
    return alias ? files_of(alias->parent_uuid) : std::nullopt;
}

/// What is known of the one that has come, before it is a backup; where that is unusual, the alarm
/// is raised.
Arrival Workplace::judge(const Received& received) {
    Arrival arrival{ages_.now(), this_moment(), {}, received.bytes};
    arrival.full = !received.identity.parent_uuid;
    arrival.changes = received.changes;
    const auto before =
        arrival.full ? (inventory_.backups.empty() ? std::nullopt
                                                   : files_of(inventory_.backups.front().copy))
                     : files_of_parent();
    const auto base = arrival.full ? std::optional<std::uint64_t>(0) : before;
    if (base && arrival.changes) {
        const auto files = static_cast<std::int64_t>(*base) + arrival.changes->names;
        arrival.files = static_cast<std::uint64_t>(std::max<std::int64_t>(files, 0));
    }
    watch_arrival({tag_, target_, config_, received.identity.name}, ages_.book(), arrival, before,
                  log_);
    if (const auto alarm = read_alarm(target_.alarm); alarm.active) {
        told_ = alarm_text(tag_, *alarm.active);
    }
    return arrival;
}

wire::Result Workplace::prune_as_asked() {
    return receive::prune(
        {tag_, target_, inventory_, policy_, ages_.now(), needed_by_unfinished(), true}, disk_,
        log_);
}

void Workplace::keep_house() {
    manifests().share_with_derived();
    derive({tag_, target_, inventory_, ages_.book()}, config_, disk_, log_);
    (void)prune(needed_by_unfinished());
}

std::uint64_t Workplace::free_bytes() const {
    return btrfs::space_of(config_.target_dir).free;
}

std::optional<Uuid> Workplace::disk() const {
    try {
        return btrfs::filesystem_uuid(config_.target_dir);
    } catch (const Failure& failure) {
        log_.debug("{}", failure.what());
        return std::nullopt;
    }
}

void Workplace::find_checkpoint() {
    std::string why;
    checkpoint_ = read_checkpoint(target_.checkpoint, why);
    if (checkpoint_ &&
        !rooms_.at(checkpoint_->room).holds(checkpoint_->partial, checkpoint_->partial_uuid)) {
        why = "what it had received is gone";
    } else if (checkpoint_ && was_completed(*checkpoint_)) {
        why = "its snapshot is complete";
    } else if (checkpoint_ && checkpoint_->alias_uuid &&
               !rooms_.at(checkpoint_->room).holds(Staging::alias_name, *checkpoint_->alias_uuid)) {
        why = "its parent is gone";
    } else if (checkpoint_ && checkpoint_->form > newest_form_) {
        why = "the btrfs-progs here no longer take its stream";
    }
    if (!why.empty()) {
        log_.info("the unfinished receive is given up: {}", escape_text(why));
        checkpoint_.reset();
    }
}

/// A copy that was there when the partial was made is another one, which this is to replace.
bool Workplace::was_completed(const Checkpoint& checkpoint) const {
    const auto partial = rooms_.at(checkpoint.room).entry(checkpoint.partial);
    const auto made = btrfs::subvolume_info(partial).value().id;
    return std::ranges::any_of(inventory_.backups, [&](const Backup& backup) {
        return backup.received_uuid == checkpoint.identity.uuid && backup.arrival > made;
    });
}

/// The alias is a snapshot of it, and the kernel notes of what.
std::optional<Uuid> Workplace::unfinished_parent_copy() const {
    if (!checkpoint_ || !checkpoint_->alias_uuid) {
        return std::nullopt;
    }
    const auto alias = rooms_.at(checkpoint_->room).entry(Staging::alias_name);
    const auto info = btrfs::subvolume_info(alias);
    if (!info || info->parent_uuid.is_null()) {
        return std::nullopt;
    }
    for (const auto& one : derived_) {
        if (one.backup.copy == info->parent_uuid) {
            return one.stands_for;
        }
    }
    return info->parent_uuid;
}

void Workplace::begin() {
    make_snapshot_directory(target_, log_);
    if (!checkpoint_) {
        sys::delete_file(target_.checkpoint, ExitCode::receiving);  // one that is no good
    }
    const auto first = checkpoint_ ? 1 - checkpoint_->room : 0;
    try {
        make_ready(first);
    } catch (const std::exception& error) {
        log_.warning("{} cannot be emptied: {}", escape_text(rooms_.at(first).path().native()),
                     escape_text(error.what()));
        if (checkpoint_) {
            sys::delete_file(target_.checkpoint, ExitCode::receiving);
            give_up_checkpoint("the other room cannot be emptied");
        }
        make_ready(1 - first);
        return;
    }
    if (!checkpoint_) {
        tidy_up([&] { rooms_.at(1 - first).empty(); });
    }
}

void Workplace::make_ready(std::size_t number) {
    rooms_.at(number).make();
    rooms_.at(number).empty();
    room_ = number;
}

void Workplace::go_on() {
    if (checkpoint_) {
        leave_only(checkpoint_);
        room_ = checkpoint_->room;
    }
}

/// Empties both rooms of all that the checkpoint does not name.
void Workplace::leave_only(const std::optional<Checkpoint>& checkpoint) {
    for (std::size_t number = 0; number < rooms_.size(); ++number) {
        if (checkpoint && checkpoint->room == number) {
            rooms_.at(number).empty({checkpoint->partial, Staging::alias_name});
        } else {
            tidy_up([&] { rooms_.at(number).empty(); });
        }
    }
}

void Workplace::give_up_checkpoint(std::string_view why) {
    log_.info("the unfinished receive of {} is given up: {}", checkpoint_->identity.name.text(),
              why);
    const auto room = checkpoint_->room;
    checkpoint_.reset();
    tidy_up([&] { rooms_.at(room).empty(); });
}

bool Workplace::has_space() const {
    return receive::has_space(config_.target_dir, config_.reserve);
}

void Workplace::require_space(const std::optional<Uuid>& parent_copy) {
    if (has_space() && has_a_place()) {
        return;
    }
    make_room(parent_copy);
    if (!has_space() && holds_another()) {
        sys::delete_file(target_.checkpoint, ExitCode::receiving);
        give_up_checkpoint("the disk has no room for it beside what comes now");
        btrfs::wait_for_space(config_.target_dir, space_patience);
    }
    receive::require_space(config_.target_dir, config_.reserve);
    require_a_place();
}

/// What the policy no longer keeps goes now, and not when the next one has arrived.
void Workplace::make_room(const std::optional<Uuid>& parent_copy) {
    std::set<Uuid> needed;
    if (parent_copy) {
        needed.insert(*parent_copy);
    }
    (void)prune(needed);
    look_through();
    btrfs::wait_for_space(config_.target_dir, space_patience);
}

/// Both ends hold the list of them in memory, and the sender must be told of all.
bool Workplace::has_a_place() const {
    return inventory_.backups.size() < wire::max_told_snapshots;
}

void Workplace::require_a_place() const {
    const auto count = inventory_.backups.size();
    if (!has_a_place()) {
        throw Failure(
            ExitCode::no_space,
            fmt::format("{} has {} backups, and more are not taken: keep and min_age hold "
                        "them all",
                        tag_.text(), count),
            "send less often, or lower min_age in receive.toml");
    }
}

void Workplace::require_room_for(const wire::Announce& announced,
                                 const std::optional<Uuid>& parent_copy) {
    if (announced.least_bytes.value_or(0) > room_of(config_.target_dir, config_.reserve)) {
        make_room(parent_copy);
    }
    refuse_or_warn(announced);
}

bool Workplace::holds_another() const {
    return checkpoint_ && room_ && checkpoint_->room != *room_;
}

void Workplace::take_the_place_of_another(const wire::Announce& announced) {
    if (holds_another() &&
        announced.least_bytes.value_or(0) > room_of(config_.target_dir, config_.reserve)) {
        sys::delete_file(target_.checkpoint, ExitCode::receiving);
        give_up_checkpoint("the disk has no room for it beside what comes now");
        btrfs::wait_for_space(config_.target_dir, space_patience);
        refuse_or_warn(announced);
    }
}

/// A disk that compresses may need less than anybody can know before. What another stream has left
/// would go once this one has really begun.
void Workplace::refuse_or_warn(const wire::Announce& announced) const {
    const auto room = room_of(config_.target_dir, config_.reserve) +
                      (holds_another() ? checkpoint_->offset() : 0);
    const auto least = announced.least_bytes.value_or(0);
    if (least > room && !btrfs::may_compress(staging().path())) {
        throw Failure(
            ExitCode::no_space,
            fmt::format(
                "{} will not fit into {}: the backup disk has no more space above its reserve",
                byte_text(least), byte_text(room)),
            "make room there, or get a larger disk");
    }
    if (announced.expected_bytes.value_or(0) > room) {
        log_.warning(
            "about {} may not fit into {}: the backup disk has no more space above its reserve",
            byte_text(*announced.expected_bytes), byte_text(room));
    }
}

void Workplace::clear_up(ExitCode failure) {
    tidy_up([&] { clear_staging(failure); });
}

/// The next run empties staging anyway; how this one came out is what must be told.
void Workplace::tidy_up(const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        log_.info("staging could not be cleared up: {}", escape_text(error.what()));
    }
}

void Workplace::clear_staging(ExitCode failure) {
    std::string why;
    auto left = read_checkpoint(target_.checkpoint, why);
    if (left && !stays(*left, failure)) {
        log_.info("the unfinished receive of {} is given up: the disk is full",
                  left->identity.name.text());
        left.reset();
    }
    if (!left) {
        sys::delete_file(target_.checkpoint, ExitCode::receiving);
    }
    leave_only(left);
    if (!left && !btrfs::wait_for_space(config_.target_dir, space_patience)) {
        log_.info("the space of the failed receive comes back in the background");
    }
}

/// A full disk must not be kept full for the other tags: what this run received goes. What another
/// stream has left goes only where the disk is full indeed, and not where one was asked for more
/// than there is, or nothing has come yet.
bool Workplace::stays(const Checkpoint& checkpoint, ExitCode failure) const {
    return failure != ExitCode::no_space || !is_receiving_ ||
           (checkpoint.room != room_ && has_space());
}

std::optional<Uuid> Workplace::check(const stream::StreamIdentity& identity,
                                     const std::optional<Uuid>& parent_copy) const {
    require_name_is_free(target_.snapshots, identity.name);
    const auto parent = parent_of(identity, parent_copy);
    return parent ? std::optional(parent->told_as) : std::nullopt;
}

std::optional<Uuid> Workplace::bring_parent_in(const stream::StreamIdentity& identity,
                                               const std::optional<Uuid>& parent_copy) const {
    const auto parent = parent_of(identity, parent_copy);
    if (!parent) {
        return std::nullopt;
    }
    const auto& path = parent->place;
    const auto& name = parent->backup.name.text();
    const auto alias_uuid = staging().make_alias(path);
    // A change that was in no transaction when the inventory was taken: the alias has it now.
    const auto info = btrfs::subvolume_info(path);
    const auto alias = btrfs::subvolume_info(staging().entry(Staging::alias_name));
    if (!config_.trust_changed_snapshots && (!info || was_changed_after_promotion(*info))) {
        throw Failure(ExitCode::receiving,
                      fmt::format("{} was changed after it arrived: nothing is built on it", name),
                      "run it again: then another parent is chosen");
    }
    if (!alias || alias->parent_uuid != parent->backup.copy) {
        throw Failure(ExitCode::receiving,
                      fmt::format("{} was exchanged for another while it was looked at", name),
                      "run it again");
    }
    return alias_uuid;
}

std::optional<Workplace::Parent> Workplace::find_parent(const Uuid& received_uuid,
                                                        const std::optional<Uuid>& copy) const {
    if (const auto own = inventory_.find_parent(received_uuid, copy)) {
        return Parent{*own, own->copy, target_.snapshots / own->name.text()};
    }
    if (const auto other = find_stand_in(derived_, received_uuid, copy)) {
        return Parent{other->backup, other->stands_for, other->place};
    }
    return std::nullopt;
}

std::optional<Workplace::Parent> Workplace::parent_of(const stream::StreamIdentity& identity,
                                                      const std::optional<Uuid>& copy) const {
    if (!identity.parent_uuid) {
        return std::nullopt;
    }
    auto parent = find_parent(*identity.parent_uuid, copy);
    if (!parent && copy && inventory_.has(*identity.parent_uuid)) {
        throw Failure(ExitCode::no_parent,
                      fmt::format("the parent of {} is not here: no backup with the received uuid "
                                  "{} is the copy {}",
                                  identity.name.text(), identity.parent_uuid->text(), copy->text()),
                      "send it in full, or from a copy that is in the list");
    }
    if (!parent) {
        throw Failure(
            ExitCode::no_parent,
            fmt::format("the parent of {} is not here: no backup has the received uuid {}",
                        identity.name.text(), identity.parent_uuid->text()),
            "send it in full, or from a parent that is in the list");
    }
    return parent;
}

ReceptionSettings Workplace::reception_settings(bool checkpoints) {
    is_receiving_ = true;
    return {{config_.nice, config_.io_class, config_.disk_timeout, lock_.descriptor()},
            target_.checkpoint,
            room_.value(),
            checkpoints,
            config_.checkpoint_every,
            config_.checkpoint_interval,
            newest_form_,
            config_.reserve,
            [this] { let_go_of_the_other(); }};
}

/// The checkpoint's file speaks of the stream that comes now.
void Workplace::let_go_of_the_other() {
    if (checkpoint_ && checkpoint_->room != room_) {
        give_up_checkpoint("what came of another stream takes its place");
    }
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
                                 const std::function<void(const Uuid& copy)>& when_durable) {
    const auto copy = promote(received, target_.snapshots, disk_, log_);
    when_durable(copy);
    note_arrival();
    arrived_.emplace(copy, judge(received));
    look_through();
    derive({tag_, target_, inventory_, ages_.book()}, config_, disk_, log_);
    auto result = prune({});
    if (holds_another()) {
        log_.info("the unfinished receive of {} is given up: another snapshot is complete",
                  checkpoint_->identity.name.text());
    }
    tidy_up([&] {
        sys::delete_file(target_.checkpoint, ExitCode::receiving);
        leave_only({});
    });
    return result;
}

}  // namespace snapferry::receive
