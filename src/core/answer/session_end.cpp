#include "snapferry/core/answer/session_end.h"

#include <fmt/format.h>

#include "own_codes.h"
#include "snapferry/core/answer/exit_signal.h"

namespace snapferry {

NoReceiver judge_session_end(const LastWords& words) {
    const auto line = last_line(words);
    if (words.status && is_crash(*words.status)) {
        return {NoReceiver::Kind::crashed, ExitCode::connection,
                fmt::format("the receiver was ended by {}{}{}", signal_text(*words.status),
                            line.empty() ? "" : ": ", line),
                "see the kernel's log (dmesg) at the receiver: its memory may have run out; what "
                "it has is kept, and the next run goes on"};
    }
    return {
        NoReceiver::Kind::lost, failure_code(words.status).value_or(ExitCode::connection),
        fmt::format("the receiver ended without a last word ({}{}{})",
                    words.status ? fmt::format("exit status {}", *words.status) : "no exit status",
                    line.empty() ? "" : ": ", line),
        "what it has is kept, and the next run goes on"};
}

}  // namespace snapferry
