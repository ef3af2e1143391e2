#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "snapferry/core/answer/who_answers.h"
#include "snapferry/send/link/line.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// What a command says when it is greeted.
struct FirstWords {
    std::string out;
    std::string err;
    std::optional<int> status;
    bool ended = false;  ///< the command has ended

    [[nodiscard]] LastWords last_words(const std::string& user) const {
        return {out, err, status, user};
    }
};

/// Listens until the greeting has come; where it does not come within `patience`, closes the
/// command's stdin (it may be waiting for a stream) and hears how it ends.
FirstWords hear_greeting(ssh::Channel& channel, std::chrono::seconds patience);

/// Before a raw stream that a person demands: starts the receiver, greets it without going on, and
/// waits for its end. Whoever calls that a success would call anything one. Throws Failure where
/// no receiver answers.
void question_before_raw(Line& line, const Tag& tag, Log& log);

/// The Failure of what is no receiver; one that another try would not change is final.
[[noreturn]] void throw_failure_of(const NoReceiver& nobody);

}  // namespace snapferry::send
