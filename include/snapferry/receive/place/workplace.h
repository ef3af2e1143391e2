#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/guard/guard.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/receive/age/ages.h"
#include "snapferry/receive/backups/derived.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/manifest_shelf.h"
#include "snapferry/receive/place/parents.h"
#include "snapferry/receive/place/rooms.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/stream/checkpoint.h"
#include "snapferry/receive/stream/reception.h"
#include "snapferry/sys/btrfs/durability.h"
#include "snapferry/sys/files/file_lock.h"

namespace snapferry::receive {

/// A tag's place on the backup disk, locked: everything that a run, framed or raw, does there.
class Workplace {
  public:
    /// Throws Failure: directory_missing, configuration, or busy where another run holds the tag.
    Workplace(const Tag& tag, const Config& config, Log& log);

    [[nodiscard]] const Inventory& inventory() const { return inventory_; }
    [[nodiscard]] std::uint64_t free_bytes() const;

    /// The newest form of a stream that can be received here.
    [[nodiscard]] stream::Form newest_form() const { return newest_form_; }

    /// What an earlier run left to go on with; one that cannot be gone on with is not shown.
    [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const {
        return rooms_.checkpoint();
    }

    /// The copy that the unfinished increment builds on; nothing without one.
    [[nodiscard]] std::optional<Uuid> unfinished_parent_copy() const;

    /// The uuid of the backup disk's filesystem; nothing where the kernel does not tell.
    [[nodiscard]] std::optional<Uuid> disk() const;

    /// Makes a room ready, and empty, for a stream from its beginning. A checkpoint keeps its room,
    /// and stays until what replaces it is accepted: until the new stream has a checkpoint, or is a
    /// backup.
    void begin();

    /// Makes the checkpoint's room ready to go on in: what the checkpoint does not name goes.
    void go_on() { rooms_.go_on(); }

    /// Throws Failure (no_space) where the disk has less free than the reserve, also after pruning:
    /// what the policy no longer keeps goes then, but for the copy that the stream to come builds
    /// on; and then the checkpoint, where a stream that is not its own begins. Or where the tag has
    /// as many backups as both ends can hold in memory.
    void require_space(const std::optional<Uuid>& parent_copy);

    /// Throws Failure (no_space) where what is announced will certainly not fit, also after
    /// pruning; warns where it may not. `parent_copy` as above.
    void require_room_for(const wire::Announce& announced, const std::optional<Uuid>& parent_copy);

    /// Once the announced stream has begun to come: what another has left goes where the disk has
    /// no room for both. Throws Failure (no_space) where that does not help.
    void take_the_place_of_another(const wire::Announce& announced);

    /// After a failure: what it left goes, and its space comes back. A checkpoint stays, but where
    /// the disk is full and that helps. Never throws.
    void clear_up(ExitCode failure);

    /// Does `work`; where it fails, what it left is cleared up.
    void clearing_up(const std::function<void()>& work);

    /// Throws Failure where a stream of this identity cannot be received: its parent is not here
    /// (no_parent), or the snapshot's name is taken by something that cannot be set aside. Returns
    /// the copy that it builds on: `parent_copy`, where the sender has named one.
    std::optional<Uuid> check(const stream::StreamIdentity& identity,
                              const std::optional<Uuid>& parent_copy) const;

    /// Makes the alias of the stream's parent in staging; returns its received uuid, nothing for a
    /// full stream. Throws Failure where the parent is not here, or not what was received.
    [[nodiscard]] std::optional<Uuid> bring_parent_in(const stream::StreamIdentity& identity,
                                                      const std::optional<Uuid>& parent_copy) const;

    /// The room of begin() or go_on().
    [[nodiscard]] const Staging& staging() const { return rooms_.here(); }
    [[nodiscard]] ReceptionSettings reception_settings(bool checkpoints);

    /// Derived backups whose origins are gone: a sender is told of them as of those.
    [[nodiscard]] std::vector<StandIn> stand_ins() const;

    /// Throws Failure (bad_tag) where this tag's backups are derived from another's: nobody sends
    /// into it.
    void require_not_derived() const;

    /// The manifests of the tag's backups. As long as nothing else is done here.
    [[nodiscard]] ManifestShelf manifests();

    /// What retention makes of the tag now.
    [[nodiscard]] std::vector<RetentionDecision> plan() const;

    /// Warns where nothing is pruned, and why: at a run's beginning, for a sender that has nothing
    /// to send leaves without listening.
    void tell_what_is_held();

    /// Why nothing of the tag is pruned, as was told last; empty where it is.
    [[nodiscard]] const std::string& held() const { return told_; }

    /// Throws Failure (busy) where an alarm holds the tag's backups.
    void require_no_alarm() const;

    /// A person has seen the plan and said yes: does it also where it deletes most of the tag.
    wire::Result prune_as_asked();

    /// Where there is nothing to send: derives and prunes.
    void keep_house();

    /// Makes the received snapshot a backup; `when_durable` is called as soon as it is one, with
    /// its copy. Then prunes and tidies up.
    wire::Result complete(const Received& received,
                          const std::function<void(const Uuid& copy)>& when_durable);

  private:
    [[nodiscard]] Parents parents() const;
    void look_through();
    wire::Result prune(const std::set<Uuid>& needed);
    [[nodiscard]] std::set<Uuid> needed_by_unfinished() const;
    void make_room(const std::optional<Uuid>& parent_copy);
    [[nodiscard]] bool has_a_place() const;
    void require_a_place() const;
    void refuse_or_warn(const wire::Announce& announced) const;
    [[nodiscard]] bool stays(bool is_another, ExitCode failure) const;
    [[nodiscard]] bool has_space() const;
    void note_arrival() const;
    [[nodiscard]] std::optional<std::uint64_t> files_before(const Received& received) const;
    Arrival judge(const Received& received);

    const Tag& tag_;
    const Config& config_;
    const RetentionPolicy& policy_;
    Log& log_;
    Target target_;
    sys::FileLock lock_;
    btrfs::Durability disk_;  ///< before anything is written there
    Rooms rooms_;
    bool is_receiving_ = false;  ///< a stream has been let in
    Ages ages_;
    Inventory inventory_;
    std::string told_;  ///< by tell_what_is_held()
    Arrivals arrived_;  ///< in this run
    std::vector<StandIn> derived_;
    stream::Form newest_form_;
};

}  // namespace snapferry::receive
