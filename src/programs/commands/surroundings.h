#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "command.h"
#include "snapferry/admin/job_state.h"

/// What the commands have around them: the clock, the output, the jobs of this machine.
namespace snapferry::commands {

WallTime now();

/// Throws Failure (internal) where standard output does not take it.
void print(const std::string& text);

/// Throws Failure (configuration).
[[noreturn]] void refuse_usage(const std::string& why);

/// Throws Failure (configuration) naming the option where the text is no duration.
std::chrono::seconds duration_in(const std::string& text, std::string_view option);

std::filesystem::path history_of(const Shared& shared);

/// Without a configuration there are none: the classic form of snapshot-send needs no file.
std::vector<NamedJob> configured_jobs(const Shared& shared);

/// The same, or none where it cannot be read: for what wants them only to call jobs as `status`
/// does.
std::vector<NamedJob> configured_jobs_if_readable(const Shared& shared);

std::vector<admin::JobState> states(const Shared& shared);

}  // namespace snapferry::commands
