#include "snapferry/core/access/start.h"

#include <algorithm>

namespace snapferry {

Start judge_start(std::span<const SshVariables> from_here_up) {
    const auto any = [&](bool SshVariables::*what) {
        return std::any_of(from_here_up.begin(), from_here_up.end(),
                           [what](const SshVariables& variables) { return variables.*what; });
    };
    if (any(&SshVariables::has_original_command)) {
        return Start::by_forced_command;
    }
    return any(&SshVariables::has_connection) ? Start::by_wish : Start::unknown;
}

}  // namespace snapferry
