#include "snapferry/core/resume/blame.h"

#include <fmt/format.h>

#include "snapferry/core/text/escape.h"

namespace snapferry {

using Kind = FailedPart::Kind;

bool counts_against_what_was_sent(const Failure& failure, ToldBy teller, const Attempt& attempt,
                                  const Uuid& newest) {
    if (failure.may_pass()) {
        return false;
    }
    if (teller == ToldBy::crash) {
        return attempt.resumed;
    }
    switch (failure.code()) {
        case ExitCode::no_parent:
        case ExitCode::sending:
        case ExitCode::receiving:
        case ExitCode::refused_stream:
        case ExitCode::internal:
            return true;
        case ExitCode::protocol:  // where the receiver has not just fallen silent
            return teller == ToldBy::receiver;
        case ExitCode::no_space:
            return teller == ToldBy::receiver && attempt.resumed && attempt.snapshot != newest;
        default:
            return false;
    }
}

bool has_another_way(const Attempts& attempts, const Attempt& attempt, const Uuid& newest) {
    if (attempts.is_spent(Kind::snapshot, attempt.snapshot)) {
        return newest != attempt.snapshot;
    }
    return attempt.resumed ? attempts.is_spent(Kind::checkpoint, attempt.snapshot)
                           : attempt.parent && attempts.is_spent(Kind::parent, *attempt.parent);
}

Failure cannot_be_sent(const FailedPart& bad) {
    return {
        bad.code,
        fmt::format("{} cannot be sent: it failed twice in the same way: {}", escape_text(bad.name),
                    bad.words),
        "newer snapshots go on being sent; mend what is named, then either send it with --force "
        "while it is the newest, or delete this snapshot"};
}

}  // namespace snapferry
