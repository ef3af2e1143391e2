#include "snapferry/receive/place/rooms.h"

#include <algorithm>
#include <exception>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {

Rooms::Rooms(const Target& target, btrfs::Durability& disk, Log& log)
    : target_(target),
      log_(log),
      rooms_{Staging(target.rooms[0], disk), Staging(target.rooms[1], disk)} {}

void Rooms::find_unfinished(const Inventory& inventory, stream::Form newest_form) {
    std::string why;
    checkpoint_ = read_checkpoint(target_.checkpoint, why);
    if (checkpoint_ &&
        !rooms_.at(checkpoint_->room).holds(checkpoint_->partial, checkpoint_->partial_uuid)) {
        why = "what it had received is gone";
    } else if (checkpoint_ && was_completed(*checkpoint_, inventory)) {
        why = "its snapshot is complete";
    } else if (checkpoint_ && checkpoint_->alias_uuid &&
               !rooms_.at(checkpoint_->room).holds(Staging::alias_name, *checkpoint_->alias_uuid)) {
        why = "its parent is gone";
    } else if (checkpoint_ && checkpoint_->form > newest_form) {
        why = "the btrfs-progs here no longer take its stream";
    }
    if (!why.empty()) {
        log_.info("the unfinished receive is given up: {}", escape_text(why));
        checkpoint_.reset();
    }
}

/// A copy that was there when the partial was made is another one, which this is to replace.
bool Rooms::was_completed(const Checkpoint& checkpoint, const Inventory& inventory) const {
    const auto partial = rooms_.at(checkpoint.room).entry(checkpoint.partial);
    const auto made = btrfs::subvolume_info(partial).value().id;
    return std::ranges::any_of(inventory.backups, [&](const Backup& backup) {
        return backup.received_uuid == checkpoint.identity.uuid && backup.arrival > made;
    });
}

std::optional<Uuid> Rooms::parent_of_unfinished() const {
    if (!checkpoint_ || !checkpoint_->alias_uuid) {
        return std::nullopt;
    }
    const auto alias = rooms_.at(checkpoint_->room).entry(Staging::alias_name);
    const auto info = btrfs::subvolume_info(alias);
    return !info || info->parent_uuid.is_null() ? std::nullopt : std::optional(info->parent_uuid);
}

void Rooms::begin() {
    if (!checkpoint_) {
        delete_checkpoint();  // one that is no good
    }
    const auto first = checkpoint_ ? 1 - checkpoint_->room : 0;
    try {
        make_ready(first);
    } catch (const std::exception& error) {
        log_.warning("{} cannot be emptied: {}", escape_text(rooms_.at(first).path().native()),
                     escape_text(error.what()));
        if (checkpoint_) {
            delete_checkpoint();
            give_up("the other room cannot be emptied");
        }
        make_ready(1 - first);
        return;
    }
    if (!checkpoint_) {
        tidy_up(log_, [&] { rooms_.at(1 - first).empty(); });
    }
}

void Rooms::make_ready(std::size_t number) {
    rooms_.at(number).make();
    rooms_.at(number).empty();
    room_ = number;
}

void Rooms::go_on() {
    if (checkpoint_) {
        leave_only(checkpoint_);
        room_ = checkpoint_->room;
    }
}

/// Empties both rooms of all that the checkpoint does not name.
void Rooms::leave_only(const std::optional<Checkpoint>& checkpoint) {
    for (std::size_t number = 0; number < rooms_.size(); ++number) {
        if (checkpoint && checkpoint->room == number) {
            rooms_.at(number).empty({checkpoint->partial, Staging::alias_name});
        } else {
            tidy_up(log_, [&] { rooms_.at(number).empty(); });
        }
    }
}

void Rooms::delete_checkpoint() const {
    sys::delete_file(target_.checkpoint, ExitCode::receiving);
}

void Rooms::give_up(std::string_view why) {
    log_.info("the unfinished receive of {} is given up: {}", checkpoint_->identity.name.text(),
              why);
    const auto room = checkpoint_->room;
    checkpoint_.reset();
    tidy_up(log_, [&] { rooms_.at(room).empty(); });
}

bool Rooms::hold_another() const {
    return checkpoint_ && room_ && checkpoint_->room != *room_;
}

void Rooms::give_up_the_other(std::string_view why) {
    delete_checkpoint();
    give_up(why);
}

void Rooms::let_go_of_the_other() {
    if (checkpoint_ && checkpoint_->room != room_) {
        give_up("what came of another stream takes its place");
    }
}

bool Rooms::clear(const std::function<bool(bool is_another)>& stays) {
    std::string why;
    auto left = read_checkpoint(target_.checkpoint, why);
    if (left && !stays(left->room != room_)) {
        log_.info("the unfinished receive of {} is given up: the disk is full",
                  left->identity.name.text());
        left.reset();
    }
    if (!left) {
        delete_checkpoint();
    }
    leave_only(left);
    return left.has_value();
}

void Rooms::empty() {
    delete_checkpoint();
    leave_only({});
}

void tidy_up(Log& log, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        log.info("staging could not be cleared up: {}", escape_text(error.what()));
    }
}

}  // namespace snapferry::receive
