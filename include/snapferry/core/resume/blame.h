#pragma once

#include "snapferry/core/failure.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/resume/attempts.h"

/// What a failed send means for the next try: whether it is held against what was sent, and whether
/// another way is left.
namespace snapferry {

enum class ToldBy {
    this_side,
    receiver,  ///< in so many words
    crash,     ///< of the receiver, which said nothing
};

/// Says something about what was sent, or what it builds on, and would say it again. (What broke
/// the connection, a full disk or a key that is refused does not.) A crash of the receiver's comes
/// of too little memory more often than of a stream, so it counts only against what was gone on
/// with: that is what would hold up newer snapshots. For the same reason a disk that has no space
/// for the rest of what was interrupted counts where there is a newer snapshot than that: `newest`
/// may fit, and what is held for the other takes space.
bool counts_against_what_was_sent(const Failure& failure, ToldBy teller, const Attempt& attempt,
                                  const Uuid& newest);

/// True where the last attempt, which has failed and is in `attempts`, has spent something, so that
/// a try at once would be another: `newest` is the newest snapshot here.
bool has_another_way(const Attempts& attempts, const Attempt& attempt, const Uuid& newest);

/// The word on a snapshot that failed in every way there is.
Failure cannot_be_sent(const FailedPart& bad);

}  // namespace snapferry
