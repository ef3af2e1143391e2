#pragma once

#include <algorithm>
#include <optional>

#include "snapferry/core/exit_code.h"

namespace snapferry {

/// The exit status as one of the codes that a failing receiver of ours ends with; nothing for any
/// other.
inline std::optional<ExitCode> failure_code(std::optional<int> status) {
    const auto* const entry =
        std::find_if(exit_code_meanings.begin(), exit_code_meanings.end(), [&](const auto& one) {
            return one.code != ExitCode::done && static_cast<int>(one.code) == status;
        });
    return entry == exit_code_meanings.end() ? std::nullopt : std::optional(entry->code);
}

}  // namespace snapferry
