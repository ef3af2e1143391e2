#pragma once

#include <vector>

#include "command_line.h"
#include "snapferry/send/job/job.h"

namespace snapferry::programs {

/// The jobs that the line asks for, without its options: the one of its five arguments, or those of
/// the configuration. Throws Failure (configuration) where there is none.
std::vector<send::Job> chosen_jobs(const SendLine& line);

/// What the line says overrules what the jobs say. Throws Failure (configuration).
std::vector<send::Job> with_options(std::vector<send::Job> jobs, const SendLine& line);

}  // namespace snapferry::programs
