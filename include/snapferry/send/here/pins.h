#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/sys/btrfs/durability.h"

namespace snapferry::send {

/// Read-only copies of the snapshots that a job's receiver builds on, which snapshot rotation does
/// not know: PLACE/UUID/NAME, where PLACE is the job's own (see job_places.h). The kernel's send
/// calls a pin by that UUID (its received uuid), which is the one that the snapshot goes by at the
/// receiver. A name may be used again; a pin stays what was sent. (An earlier version had them at
/// PLACE/NAME, which are pins as well.)
class Pins {
  public:
    /// Of the job that is called `name` in `home`.
    Pins(std::filesystem::path home, const std::string& name, Log& log);

    /// Pins that another name has there serve this job too. They are not its own: they are never
    /// made or deleted by this.
    void look_also_in(const std::string& name);

    /// The pins there are. One that was left unfinished by a kill, or was changed since, is not
    /// among them; one that cannot be looked at is passed over with a warning.
    [[nodiscard]] std::vector<LocalSnapshot> list() const;

    /// The job's own pin of a snapshot (or of another's pin) under the uuid that it goes by, made
    /// where there is none yet. Throws Failure (sending), and leaves nothing then.
    LocalSnapshot pin(const LocalSnapshot& snapshot);

    [[nodiscard]] bool is_own(const LocalSnapshot& snapshot) const;

    /// Deletes each of the job's own pins (and every remnant of one) but those that go by one of
    /// these uuids. Keeps them all, with a warning, where the disk does not vouch for what was
    /// pinned last. Whatever else goes wrong is a warning too.
    void keep_only(const std::set<Uuid>& uuids);

    /// Deletes the job's own pins that go by one of these uuids. What goes wrong is a warning.
    void give_up(const std::set<Uuid>& uuids);

  private:
    [[nodiscard]] std::optional<LocalSnapshot> own_pin_of(const LocalSnapshot& snapshot) const;
    [[nodiscard]] bool newest_is_durable();
    void make(const LocalSnapshot& snapshot, const std::filesystem::path& copy);

    std::filesystem::path home_;
    std::filesystem::path own_;
    std::vector<std::filesystem::path> others_;
    Log& log_;
    std::optional<btrfs::Durability> disk_{};  ///< since before a pin was made
};

/// Deletes all pins in a place, and it with them. What cannot be deleted is said, and stays.
void delete_pins(const std::filesystem::path& place, Log& log);

}  // namespace snapferry::send
