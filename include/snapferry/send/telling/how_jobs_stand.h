#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/alert/standing.h"
#include "snapferry/core/report/run_report.h"
#include "snapferry/send/config/config.h"

namespace snapferry::send {

/// How one thing of the sending side stands, and what a hook may be told of it.
struct ToTell {
    alert::Standing standing;
    std::string line{};                         ///< for the monthly word
    HookSettings hooks{};                       ///< those that hear of it
    RunReport report{};                         ///< the last run, or as much as is known
    std::optional<std::chrono::seconds> age{};  ///< of the newest backup
    bool is_note = false;                       ///< of AlertNotes
    bool is_well = true;  ///< as status and check have it, who know more than what is told at once
};

/// Each configured job, by the history of the runs, what its receiver said of itself, for the
/// monthly word alone, and what is noted besides (AlertNotes). Where the history cannot be read
/// that is a trouble of its own, and nothing is known of the jobs.
std::vector<ToTell> how_jobs_stand(const SendConfig& config, const std::filesystem::path& state_dir,
                                   WallTime now);

}  // namespace snapferry::send
