#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "snapferry/admin/job_state.h"
#include "snapferry/core/status/verdict.h"

/// What the commands have around them: the clock, the output, the jobs of this machine.
namespace snapferry::commands {

WallTime now();

/// Throws Failure (internal) where standard output does not take it.
void print(const std::string& text);

/// Throws Failure (configuration).
[[noreturn]] void refuse_usage(const std::string& why);

/// Throws Failure (configuration) naming the option where the text is no duration.
std::chrono::seconds duration_in(const std::string& text, std::string_view option);

/// The configuration of the jobs: one that was named must be there, the usual one need not.
bool is_to_be_read(const Shared& shared);

std::filesystem::path history_of(const Shared& shared);

/// Without a configuration there are none: the classic form of snapshot-send needs no file.
std::vector<NamedJob> configured_jobs(const Shared& shared);

/// The same, or none where it cannot be read: for what wants them only to call jobs as `status`
/// does.
std::vector<NamedJob> configured_jobs_if_readable(const Shared& shared);

/// With how old each may be, and what is under way. `max_age`: of all, where a person asks for it.
std::vector<admin::JobState> states(const Shared& shared,
                                    const std::optional<std::chrono::seconds>& max_age = {});

/// Tags that are paused, also those of no job: on a machine that is being set up anew.
std::vector<Finding> what_is_paused();

/// The snapshots that the daemon makes by a calendar. What cannot be looked at is unknown.
std::vector<RotationStanding> rotation_standings(const Shared& shared);

/// Where neither a configuration nor a history is left, what else a sender leaves behind tells that
/// there was one: a side that backs nothing up any more must not vanish.
std::vector<Finding> trace_of_sending(const Shared& shared);

/// Of disks in turn, those that have not been in for long.
std::vector<Finding> disks_long_away(const Shared& shared);

/// Where runs could not be noted, the history shows how things were.
std::vector<Finding> what_the_history_lacks();

/// The same as trace_of_sending() of a receiver, whose configuration is not there any more.
std::vector<Finding> trace_of_receiving();

/// A configuration of jobs is there, or a history of runs.
bool sends_from_here(const Shared& shared);

enum class Sides { both, sending, receiving };

/// All of this machine, or one side of it. What cannot be looked at of the receiving one is a
/// finding, and of the sending one where there is another. Throws Failure where it is the only one.
Standing standing(const Shared& shared, Sides sides);

}  // namespace snapferry::commands
