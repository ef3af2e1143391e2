#pragma once

#include <chrono>
#include <optional>

#include "snapferry/core/time/moment.h"

namespace snapferry {

/// Notices that somebody has set the wall clock: it then went otherwise than time did.
class ClockWatch {
  public:
    /// By how much it was set since the last call, ahead or (negative) back; nothing where that is
    /// less than a minute, as when it is adjusted little by little.
    std::optional<std::chrono::seconds> jump(const Moment& now);

  private:
    std::optional<Moment> last_;
};

}  // namespace snapferry
