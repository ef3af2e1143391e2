#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/rotation/rotation_standing.h"
#include "snapferry/core/status/job_judgement.h"
#include "snapferry/core/status/receiving.h"

/// All that is backed up from here and to here, in one line.
namespace snapferry {

/// What this machine is; both may be there.
struct Standing {
    std::vector<JobFacts> jobs{};
    std::optional<ReceivingStatus> receiving{};  ///< nothing where it receives nothing
    std::vector<Finding> others{};  ///< of neither: tags that are paused, what cannot be read
    std::vector<RotationStanding> rotations{};  ///< snapshots that are made here by a calendar
};

/// Something that a person has to look at.
struct Need {
    CheckState state = CheckState::warning;
    std::string who;         ///< a job, a tag, a machine; escaped
    std::string what;        ///< "has had no backup for 5 days"
    bool is_counted = true;  ///< a job or a tag, of which there are so many
};

/// The worst first.
std::vector<Need> needs_of(const Standing& standing, WallTime now);

/// "laptop has had no backup for 5 days"
std::string text_of(const Need& need);

struct Verdict {
    bool is_well = false;
    std::string text;  ///< "All is well: 3 jobs, the oldest backup is 3 h old"
};

/// Where nothing is backed up, that is not well.
Verdict verdict_of(const Standing& standing, WallTime now);

}  // namespace snapferry
