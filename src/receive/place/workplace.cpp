#include "snapferry/receive/place/workplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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
#include "snapferry/receive/place/what_arrived.h"
#include "snapferry/receive/space/room.h"
#include "snapferry/sys/btrfs/compressed_extents.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/progs.h"
#include "snapferry/sys/btrfs/subvolume.h"

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
      rooms_(target_, disk_, log),
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
    rooms_.find_unfinished(inventory_, newest_form_);
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

std::optional<Uuid> Workplace::unfinished_parent_copy() const {
    const auto copy = rooms_.parent_of_unfinished();
    for (const auto& one : derived_) {
        if (copy && one.backup.copy == *copy) {
            return one.stands_for;
        }
    }
    return copy;
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

void Workplace::begin() {
    make_snapshot_directory(target_, log_);
    rooms_.begin();
}

void Workplace::clearing_up(const std::function<void()>& work) {
    try {
        work();
    } catch (const Failure& failure) {
        clear_up(failure.code());
        throw;
    }
}

void Workplace::clear_up(ExitCode failure) {
    tidy_up(log_, [&] {
        const bool goes_on =
            rooms_.clear([&](bool is_another) { return stays(is_another, failure); });
        if (!goes_on && !btrfs::wait_for_space(config_.target_dir, space_patience)) {
            log_.info("the space of the failed receive comes back in the background");
        }
    });
}

/// A full disk must not be kept full for the other tags: what this run received goes. What another
/// stream has left goes only where the disk is full indeed, and not where one was asked for more
/// than there is, or nothing has come yet.
bool Workplace::stays(bool is_another, ExitCode failure) const {
    return failure != ExitCode::no_space || !is_receiving_ || (is_another && has_space());
}

bool Workplace::has_space() const {
    return receive::has_space(config_.target_dir, config_.reserve);
}

void Workplace::require_space(const std::optional<Uuid>& parent_copy) {
    if (has_space() && has_a_place()) {
        return;
    }
    make_room(parent_copy);
    if (!has_space() && rooms_.hold_another()) {
        rooms_.give_up_the_other("the disk has no room for it beside what comes now");
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

void Workplace::take_the_place_of_another(const wire::Announce& announced) {
    if (rooms_.hold_another() &&
        announced.least_bytes.value_or(0) > room_of(config_.target_dir, config_.reserve)) {
        rooms_.give_up_the_other("the disk has no room for it beside what comes now");
        btrfs::wait_for_space(config_.target_dir, space_patience);
        refuse_or_warn(announced);
    }
}

/// A disk that compresses may need less than anybody can know before. What another stream has left
/// would go once this one has really begun.
void Workplace::refuse_or_warn(const wire::Announce& announced) const {
    const auto room = room_of(config_.target_dir, config_.reserve) +
                      (rooms_.hold_another() ? rooms_.checkpoint()->offset() : 0);
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

std::optional<Uuid> Workplace::check(const stream::StreamIdentity& identity,
                                     const std::optional<Uuid>& parent_copy) const {
    require_name_is_free(target_.snapshots, identity.name);
    const auto parent = parent_of(identity, parent_copy, parents());
    return parent ? std::optional(parent->told_as) : std::nullopt;
}

std::optional<Uuid> Workplace::bring_parent_in(const stream::StreamIdentity& identity,
                                               const std::optional<Uuid>& parent_copy) const {
    const auto parent = parent_of(identity, parent_copy, parents());
    return parent ? std::optional(bring_in(*parent, staging(), config_.trust_changed_snapshots))
                  : std::nullopt;
}

Parents Workplace::parents() const {
    return {target_.snapshots, inventory_, derived_};
}

ReceptionSettings Workplace::reception_settings(bool checkpoints) {
    is_receiving_ = true;
    return {{config_.nice, config_.io_class, config_.disk_timeout, lock_.descriptor()},
            target_.checkpoint,
            rooms_.number(),
            checkpoints,
            config_.checkpoint_every,
            config_.checkpoint_interval,
            newest_form_,
            config_.reserve,
            [this] { rooms_.let_go_of_the_other(); }};
}

/// In what it builds on, of which the alias in this run's room is a snapshot; of a full one, in the
/// newest here.
std::optional<std::uint64_t> Workplace::files_before(const Received& received) const {
    if (!received.identity.parent_uuid) {
        return inventory_.backups.empty()
                   ? std::nullopt
                   : files_of(inventory_.backups.front().copy, ages_.book(), derived_);
    }
    const auto alias = btrfs::subvolume_info(staging().entry(Staging::alias_name));
    return alias ? files_of(alias->parent_uuid, ages_.book(), derived_) : std::nullopt;
}

/// Of one that has come, before it is a backup; where it is unusual, the alarm is raised.
Arrival Workplace::judge(const Received& received) {
    const auto before = files_before(received);
    auto arrival = arrival_of(received, ages_.now(), before);
    watch_arrival({tag_, target_, config_, received.identity.name}, ages_.book(), arrival, before,
                  log_);
    if (const auto alarm = read_alarm(target_.alarm); alarm.active) {
        told_ = alarm_text(tag_, *alarm.active);
    }
    return arrival;
}

/// For who asks while the disk is away, or is another one, or nothing is configured any more. Of
/// the machine's own receiver: a local one is asked for by its sender. Nothing depends on it.
void Workplace::note_arrival() const {
    if (config_.file != config_path) {
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
    if (rooms_.hold_another()) {
        log_.info("the unfinished receive of {} is given up: another snapshot is complete",
                  checkpoint()->identity.name.text());
    }
    tidy_up(log_, [&] { rooms_.empty(); });
    return result;
}

}  // namespace snapferry::receive
