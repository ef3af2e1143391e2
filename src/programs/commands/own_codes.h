#pragma once

#include <functional>
#include <span>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/proof/result.h"

/// The exit codes of commands that compare: their own, and not the table's. A caller has to tell
/// "it differs" from whatever kept the command from looking.
namespace snapferry::commands {

inline constexpr auto same = ExitCode{0};
inline constexpr auto differs = ExitCode{1};
inline constexpr auto cannot_say = ExitCode{2};

/// Of `status`, beside the table's, which keep their meanings: it could look, and not all is well.
inline constexpr auto needs_you = ExitCode{22};

/// What `work` returns; every Failure that it throws becomes one with the code cannot_say.
ExitCode with_own_codes(const std::function<ExitCode()>& work);

/// A difference is worse than what cannot be said; and where nothing was looked at, nothing can be
/// said.
ExitCode code_of(std::span<const proof::Result> results);

}  // namespace snapferry::commands
