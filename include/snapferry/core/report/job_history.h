#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/report/run_report.h"
#include "snapferry/core/report/small_full_send.h"

namespace snapferry {

/// A snapshot that the receiver is known to have on its disk.
struct DurableSnapshot {
    std::string name;
    WallTime taken{};  ///< when it was made at the sender
};

/// What all runs of a job come to.
struct JobHistory {
    RunReport last_run;
    std::optional<RunReport> last_success{};
    std::optional<RunReport> last_send{};  ///< the last good run that had something to send
    std::optional<RunReport> last_failure{};
    std::optional<DurableSnapshot> newest{};
    std::vector<std::string> kept{};  ///< as the receiver last said it; empty where it never did
    std::optional<std::uint64_t> receiver_free_bytes{};
    std::optional<SmallFullSend> small_full_send{};
};

}  // namespace snapferry
