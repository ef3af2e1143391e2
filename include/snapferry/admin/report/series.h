#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapferry/admin/job_state.h"
#include "snapferry/core/report/run_report.h"

namespace snapferry::admin {

/// A job as the report shows it.
struct JobReport {
    JobState state;
    std::vector<RunReport> runs{};  ///< the newest first
    std::string login{};            ///< a person's at the receiver, "pi@pi.lan"; empty: not known
};

/// A backup that has been made.
struct BackupMark {
    std::string name;
    std::optional<WallTime> taken;
    bool kept = false;  ///< still; else it has been pruned since
};

/// The backups that the receiver keeps and those that the runs tell of, in the order of time. When
/// each was taken is what the runs say, else what its name says, else not known.
std::vector<BackupMark> backup_marks(const JobReport& job);

/// The runs that sent anything or failed, the oldest first: at most the newest `most`.
std::vector<RunReport> runs_with_news(const JobReport& job, std::size_t most);

/// The failed ones, the newest first: at most `most`.
std::vector<RunReport> newest_failures(const JobReport& job, std::size_t most);

}  // namespace snapferry::admin
