#pragma once

#include "snapferry/core/answer/last_words.h"
#include "snapferry/core/answer/no_receiver.h"

namespace snapferry {

/// Of a receiver that spoke the protocol and ended without a last word: it lost this side (its exit
/// status says so), or something ended it, which may pass; or it crashed.
NoReceiver judge_session_end(const LastWords& words);

}  // namespace snapferry
