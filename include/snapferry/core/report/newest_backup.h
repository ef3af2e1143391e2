#pragma once

#include <string>
#include <utility>

#include "snapferry/core/time/wall_time.h"

namespace snapferry {

/// A snapshot that the receiver is known to have on its disk.
struct DurableSnapshot {
    std::string name;
    WallTime taken{};  ///< when it was made, by the NAS's clock

    friend bool operator==(const DurableSnapshot&, const DurableSnapshot&) = default;
};

/// The receiver could not be asked.
struct NotAsked {};

/// It was asked, and has nothing that was sent from here.
struct NothingThere {};

/// The newest that the receiver has: one of these three. "Not asked" leaves what was known before
/// as it is; "nothing there" does away with it.
class NewestBackup {
  public:
    NewestBackup() = default;
    NewestBackup(NotAsked /*unused*/) {}                        // NOLINT(*-explicit-*)
    NewestBackup(NothingThere /*unused*/) : is_known_(true) {}  // NOLINT(*-explicit-*)
    NewestBackup(DurableSnapshot snapshot)                      // NOLINT(*-explicit-*)
        : is_known_(true), is_there_(true), snapshot_(std::move(snapshot)) {}

    /// The receiver was asked.
    [[nodiscard]] bool is_known() const { return is_known_; }

    /// The snapshot; nullptr where there is none, or none is known.
    [[nodiscard]] const DurableSnapshot* snapshot() const {
        return is_there_ ? &snapshot_ : nullptr;
    }

    [[nodiscard]] bool is_nothing() const { return is_known_ && !is_there_; }

    friend bool operator==(const NewestBackup&, const NewestBackup&) = default;

  private:
    bool is_known_ = false;
    bool is_there_ = false;
    DurableSnapshot snapshot_{};
};

}  // namespace snapferry
