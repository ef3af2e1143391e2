#pragma once

#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// Raised once, by any thread, and seen by poll(2): what waits for other things ends then.
class StopFlag {
  public:
    /// Throws Failure (internal) where there is no descriptor left.
    StopFlag();

    void raise() const;
    [[nodiscard]] bool is_raised() const;

    /// Readable, as poll(2) sees it, once it was raised.
    [[nodiscard]] int descriptor() const { return event_.get(); }

  private:
    UniqueFd event_;  ///< an eventfd
};

}  // namespace snapferry::sys
