#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/status/job_facts.h"

/// How a job is, decided in one place: status, check, the report and whoever else tells of it say
/// the same.
namespace snapferry {

/// The worst first.
enum class Condition {
    never_run,   ///< it is configured, and no run has ended yet
    no_backup,   ///< the receiver has none, or none is known
    stale,       ///< the newest is too old
    suspicious,  ///< what was sent last may be an empty directory
    from_the_future,
    failing,     ///< the last run failed; the newest backup is young enough
    doubtful,    ///< old, and how often one is made is not known yet
    paused,      ///< by a person
    incomplete,  ///< subvolumes within are in no backup
    ok,
};

struct Judgement {
    Condition condition = Condition::ok;
    CheckState state = CheckState::ok;
    std::optional<std::chrono::seconds> age{};  ///< of the newest; negative: yet to come
};

Judgement judge(const JobFacts& job, WallTime now);

/// "stale", "no backup": for a program to read.
std::string name_of(Condition condition);

/// What a person is told of a job that is not well, in half a sentence: "has had no backup for 5
/// days". Empty where it is well.
std::string need_of(const JobFacts& job, WallTime now);

/// How old the newest backup is: by when its snapshot was taken, for that is how much would be
/// lost. Negative where the clock says that it is yet to come.
std::optional<std::chrono::seconds> age_of_newest(const JobFacts& job, WallTime now);

/// The receiver was asked, and has none that was sent from here.
bool has_nothing_there(const JobFacts& job);

bool last_run_failed(const JobFacts& job);

/// What the last run failed by, escaped.
std::string failure_of_last_run(const JobFacts& job);

/// "failed (10)" is for a table; this is what the exit code means, in a line.
std::string meaning_of(ExitCode outcome);

/// One of each job, or more: what is in no backup is one of its own.
std::vector<Finding> job_findings(const std::vector<JobFacts>& jobs, WallTime now);

/// What the receivers said last of themselves: of each its disk once, by the last run of any job,
/// and of each job its tag. What is well is told of the disk alone.
std::vector<Finding> receiver_findings(const std::vector<JobFacts>& jobs, WallTime now);

}  // namespace snapferry
