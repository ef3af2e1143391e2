#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "snapferry/login/conversation.h"

namespace snapferry::login {

/// What sudo writes at the other machine where it wants a password: of letters and dashes, for a
/// shell there reads the command.
inline constexpr auto prompt_of_sudo = "snapferry-wants-the-password-of-sudo:";

/// Called where sudo wants a password; `again` where it was given one that it did not take.
using WhenAsked = std::function<void(bool again)>;

/// Reads what ssh, sudo and login scripts say until `snapferry answer` greets. Nothing may be
/// written before: a password that nobody wants would reach the program. What is said meanwhile on
/// standard error is shown when nothing more comes for a moment, for somebody may have to answer
/// it; what is said last is in the Failure. Throws what why_no_answer() makes of it.
void await_greeting(Conversation& conversation, const WhenAsked& when_asked);

}  // namespace snapferry::login
