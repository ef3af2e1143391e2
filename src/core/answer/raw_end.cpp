#include "snapferry/core/answer/raw_end.h"

#include <fmt/format.h>

#include "text_lines.h"

namespace snapferry {
namespace {

using Kind = NoReceiver::Kind;

NoReceiver failed(std::string message, std::string hint = {}) {
    return {Kind::failed, ExitCode::receiving, std::move(message), std::move(hint)};
}

bool lacks_parent(const LastWords& words) {
    return words.status == static_cast<int>(ExitCode::no_parent) ||
           contains(words.err, "cannot find parent") || contains(words.out, "cannot find parent");
}

/// What a command that calls itself successful gives away.
std::optional<NoReceiver> contradiction(const LastWords& words, bool took_all) {
    if (auto refusal = known_refusal(words)) {
        return refusal;
    }
    if (const auto error = line_of_error(words)) {
        return failed(fmt::format("the receiver ended with exit status 0 and said: {}", *error));
    }
    if (!took_all) {
        return failed(
            fmt::format("the receiver ended with exit status 0 before it had the whole stream: {}",
                        last_line(words).empty() ? "it said nothing" : last_line(words)),
            "see what the key starts at the receiver: it is no receiver");
    }
    return std::nullopt;
}

}  // namespace

RawEnd judge_raw_end(const LastWords& words, bool took_all) {
    if (lacks_parent(words)) {
        return LacksParent{};
    }
    if (words.status == 0) {
        if (auto found = contradiction(words, took_all)) {
            return *found;
        }
        return TookStream{last_line(words).empty()
                              ? "the receiver said nothing but exit status 0, and that is all the "
                                "word there is that it has arrived"
                              : "the receiver ended with exit status 0, and that is all the word "
                                "there is that it has arrived"};
    }
    if (auto refusal = known_refusal(words)) {
        return *refusal;
    }
    if (!words.status) {
        return NoReceiver{Kind::lost, ExitCode::connection,
                          last_line(words).empty() ? "the connection to the receiver broke"
                                                   : "the receiver was ended: " + last_line(words),
                          ""};
    }
    return failed(fmt::format("the receiver ended with exit status {}{}{}", *words.status,
                              last_line(words).empty() ? "" : ": ", last_line(words)));
}

}  // namespace snapferry
