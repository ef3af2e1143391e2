#include "own_codes.h"

#include <algorithm>

#include "snapferry/core/failure.h"

namespace snapferry::commands {

ExitCode with_own_codes(const std::function<ExitCode()>& work) {
    try {
        return work();
    } catch (const Failure& failure) {
        throw Failure(cannot_say, failure.what(), failure.hint());
    }
}

ExitCode code_of(std::span<const proof::Result> results) {
    const auto some = [&](proof::Outcome outcome) {
        return std::ranges::any_of(results,
                                   [&](const auto& one) { return one.outcome == outcome; });
    };
    if (some(proof::Outcome::differs)) {
        return differs;
    }
    return results.empty() || some(proof::Outcome::cannot_say) ? cannot_say : same;
}

}  // namespace snapferry::commands
