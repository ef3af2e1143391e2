#pragma once

#include <string_view>

#include "snapferry/core/failure.h"

namespace snapferry::sys {

/// The failure of a system call, from errno: "cannot OPERATION: no such file or directory". Call it
/// before anything else can change errno. ENOSPC and EDQUOT become no_space whatever `code` says; a failing
/// disk at the receiver (`code` is receiving) may pass.
Failure system_failure(ExitCode code, std::string_view operation);

/// The same for an errno value kept elsewhere.
Failure system_failure(ExitCode code, std::string_view operation, int error);

/// What errno value `error` means, as it stands in the middle of a sentence.
std::string error_text(int error);

}  // namespace snapferry::sys
