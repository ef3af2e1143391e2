#pragma once

#include <functional>
#include <string_view>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"

namespace snapferry::sys {

/// What every program does around its work: the standard descriptors are open, signals are as
/// take_usual_signals() leaves them, and whatever is thrown becomes one line on stderr and
/// an exit code. For main().
int run_program(std::string_view name, const std::function<ExitCode()>& work);

/// What `work` returns; whatever it throws becomes an error in the log, and an exit code. For the
/// part of a program that has a log.
ExitCode tell_failures(Log& log, const std::function<ExitCode()>& work);

/// Throws Failure (not_root) unless the program runs as root.
void require_root(std::string_view why);

/// The table of exit codes, for --help.
std::string exit_code_help();

}  // namespace snapferry::sys
