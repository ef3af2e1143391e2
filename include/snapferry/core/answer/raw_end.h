#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "snapferry/core/answer/last_words.h"
#include "snapferry/core/answer/no_receiver.h"

namespace snapferry {

/// A raw stream has been taken, as far as a classic receiver can tell.
struct TookStream {
    std::string remark;  ///< how much its word is worth, for the log
};

/// The stream's parent is not at the receiver.
struct LacksParent {};

using RawEnd = std::variant<TookStream, LacksParent, NoReceiver>;

/// How a raw stream ended. Exit status 0 alone proves nothing: `took_all` says that the command
/// lived until all of the stream was with it, and there must be no word of a failure.
RawEnd judge_raw_end(const LastWords& words, bool took_all);

}  // namespace snapferry
