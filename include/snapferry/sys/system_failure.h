#pragma once

#include <string_view>

#include "snapferry/core/failure.h"

namespace snapferry::sys {

/// The failure of a system call, from errno: "cannot OPERATION: no such file or directory". Call it
/// before anything else can change errno. ENOSPC and EDQUOT become no_space whatever `code`
/// says. One that tells nothing about what is being sent may pass: what the program needs for
/// itself
/// (`code` is internal), and at the receiver (receiving) what comes of its disk, its directories or
/// a machine that has no more to give.
Failure system_failure(ExitCode code, std::string_view operation);

/// The same for an errno value kept elsewhere.
Failure system_failure(ExitCode code, std::string_view operation, int error);

/// What errno value `error` means, as it stands in the middle of a sentence.
std::string error_text(int error);

}  // namespace snapferry::sys
