#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/failure.h"

namespace snapferry::asking {

inline constexpr int status_of_ssh_itself = 255;  ///< ssh(1): of an error of its own

/// What ssh, or the command at the other end, said and ended with before anybody answered.
struct LoginEnd {
    std::string_view host;      ///< that was logged in to
    std::string_view err;       ///< its stderr
    std::optional<int> status;  ///< its exit status; nothing where a signal ended it
};

/// Why nobody answers, and what to do: from what ssh, sudo, a shell or an older snapferry is known
/// to say. What is not known is told with their last line.
Failure why_no_answer(const LoginEnd& end);

}  // namespace snapferry::asking
