#pragma once

#include "snapferry/core/wire/message.h"

namespace snapferry::wire {

/// What shows that the receiver has the beginning of just this stream.
enum class ShareTrust {
    macs,     ///< nobody could have sent anything else
    digests,  ///< of an older receiver: no accident did; who wanted to could
    nothing,  ///< a receiver that makes MACs, and a share without one: it is not gone on with
};

/// By `welcome.unfinished`, which must be there.
ShareTrust trust_in_shares(const Welcome& welcome);

}  // namespace snapferry::wire
