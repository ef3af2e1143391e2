#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"

namespace snapferry {

/// A read-only snapshot at the sender, or a pin: a copy of one, which rotation does not know.
struct LocalSnapshot {
    SnapshotName name;
    Uuid own;        ///< the subvolume's
    Uuid announced;  ///< what the kernel's send calls it: its received uuid where it has one
    Uuid origin;     ///< of the subvolume that it was taken from
    std::uint64_t transid = 0;  ///< the transaction of its last change, as send announces it
    /// Of a pin: the transaction of the last change of the snapshot it is a copy of.
    std::uint64_t stands_for = 0;
    bool pinned = false;
    /// Written to since it was received (it, or what it was taken from): its received uuid is that
    /// of something else. False where it has none.
    bool changed_since_received = false;
    bool changed_since_made = false;
    std::string path{};                ///< where it lies
    std::chrono::sys_seconds taken{};  ///< when it was made, by this machine's clock
    Uuid uuid{};                       ///< the one that it goes by at the receiver: see identify()
    std::optional<std::chrono::sys_seconds> named{};  ///< the time that its name begins with
    std::uint64_t number = 0;   ///< the subvolume's id: what is made later has a greater one
    std::uint64_t made_in = 0;  ///< the transaction

    /// The kernel's send would call it by another uuid than it goes by: a pin gets the right one.
    [[nodiscard]] bool goes_by_pin_only() const { return announced != uuid; }
};

}  // namespace snapferry
