#pragma once

#include <optional>

#include "snapferry/core/answer/last_words.h"

namespace snapferry {

/// sudo refused the command, in its own words.
std::optional<NoReceiver> sudo_refusal(const LastWords& words);

/// The login was let in, and its shell, PAM or an access gate refused the command.
std::optional<NoReceiver> login_refusal(const LastWords& words);

}  // namespace snapferry
