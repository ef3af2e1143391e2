#pragma once

#include <chrono>
#include <optional>

#include "snapferry/core/check/freshness.h"
#include "snapferry/core/time/moment.h"

namespace snapferry {

/// When somebody is to be told, between runs, that a job's newest backup is too old: when it
/// becomes so, and then once a day. How old it is is kept from when that was last known, and grows
/// as time passes, whatever the wall clock says by then.
class StaleWatch {
  public:
    /// A run has found out how old the newest backup is (less than nothing: from the future), and
    /// has told by itself if that is too old.
    void found(std::chrono::seconds age, BootTime at);

    /// The receiver has none at all, which each run tells.
    void found_nothing() { newest_.reset(); }

    /// Somebody is being told.
    void told(BootTime at) { told_ = at; }

    /// Nothing where none is known.
    [[nodiscard]] std::optional<std::chrono::seconds> age(BootTime now) const;

    /// When it is next to be told of; nothing: never, as things are.
    [[nodiscard]] std::optional<BootTime> due(const AllowedAge& allowed, BootTime now) const;

  private:
    struct Known {
        std::chrono::seconds age;
        BootTime at;
    };
    std::optional<Known> newest_;
    std::optional<BootTime> told_;
};

}  // namespace snapferry
