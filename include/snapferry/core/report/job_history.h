#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/report/run_report.h"
#include "snapferry/core/report/small_full_send.h"

namespace snapferry {

/// What all runs of a job come to.
struct JobHistory {
    RunReport last_run;  ///< tells what the job is called now, and its identity
    std::optional<RunReport> last_success{};
    std::optional<RunReport> last_send{};  ///< the last good run that had something to send
    std::optional<RunReport> last_failure{};
    NewestBackup newest{};                           ///< as the last run knew it that knew
    std::optional<std::vector<std::string>> kept{};  ///< as the receiver last said it
    std::optional<std::uint64_t> receiver_free_bytes{};
    std::optional<SmallFullSend> small_full_send{};
    std::optional<WallTime> failing_since{};  ///< the first failure after the last good run
    std::vector<WallTime> taken{};  ///< when its backups were, each once, the newest first
    std::optional<ReceiverWord> receiver_word{};  ///< as the receiver last said it
    WallTime word_said{};                         ///< when that was
};

}  // namespace snapferry
