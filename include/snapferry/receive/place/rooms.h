#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "snapferry/core/log/log.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/staging.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/stream/checkpoint.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::receive {

/// A tag's two rooms: the one that this run works in, and the one in which an interrupted stream
/// has left what its checkpoint speaks of. They may be the same. Whoever uses them holds the tag's
/// lock; what is given here must outlive this.
class Rooms {
  public:
    Rooms(const Target& target, btrfs::Durability& disk, Log& log);

    /// Looks for what an earlier run left to go on with. One that cannot be gone on with counts as
    /// none, and why is said.
    void find_unfinished(const Inventory& inventory, stream::Form newest_form);

    /// That one, until it is given up.
    [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }

    /// The copy that its alias is a snapshot of; nothing without one.
    [[nodiscard]] std::optional<Uuid> parent_of_unfinished() const;

    /// Makes a room ready, and empty, for a stream from its beginning. A checkpoint keeps its room.
    void begin();

    /// Makes the checkpoint's room ready to go on in: what the checkpoint does not name goes.
    void go_on();

    /// The room of begin() or go_on().
    [[nodiscard]] const Staging& here() const { return rooms_.at(room_.value()); }
    [[nodiscard]] std::size_t number() const { return room_.value(); }

    /// True where the checkpoint is of another stream than that which comes into here().
    [[nodiscard]] bool hold_another() const;

    /// That one goes, with its checkpoint, which is deleted.
    void give_up_the_other(std::string_view why);

    /// Likewise, where the checkpoint's file speaks of the stream that comes now.
    void let_go_of_the_other();

    /// After a failure: empties both of all but what a checkpoint names for which `stays` is true,
    /// of whichever stream; it is told whether that is another than came into here(). False where
    /// there is none.
    bool clear(const std::function<bool(bool is_another)>& stays);

    /// When a backup is complete: nothing is left, and no checkpoint.
    void empty();

  private:
    void delete_checkpoint() const;
    void give_up(std::string_view why);
    void make_ready(std::size_t number);
    void leave_only(const std::optional<Checkpoint>& checkpoint);
    [[nodiscard]] bool was_completed(const Checkpoint& checkpoint,
                                     const Inventory& inventory) const;

    const Target& target_;
    Log& log_;
    std::array<Staging, 2> rooms_;
    std::optional<std::size_t> room_;  ///< the one that this run works in
    std::optional<Checkpoint> checkpoint_;
};

/// The next run empties the rooms anyway; how this one came out is what must be told. So what goes
/// wrong in `work` is only said.
void tidy_up(Log& log, const std::function<void()>& work);

}  // namespace snapferry::receive
