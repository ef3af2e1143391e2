#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/answer/no_receiver.h"

/// What is known by heart of those who may answer at the other side. All of it is what programs say
/// in English; what they say in another language is not known, and nothing good follows from that.
namespace snapferry {

/// What a command at the other side said, and how it ended.
struct LastWords {
    std::string_view out;               ///< its stdout
    std::string_view err;               ///< its stderr
    std::optional<int> status;          ///< its exit status; nothing where none came
    std::string_view user = "backups";  ///< who logged in, for what to do next
};

/// What `btrfs receive` says of a greeting, which is no stream: the line. A script may have turned
/// its stderr into stdout.
std::optional<std::string> refused_as_no_stream(const LastWords& words);

/// A line in which `btrfs receive` or a receiver's script says that something went wrong.
std::optional<std::string> line_of_error(const LastWords& words);

/// Who says in words that are known that there will be no receiving: the receiver's own failure,
/// sudo, the login, an access gate, a shell that finds no such program. Nothing where none does.
std::optional<NoReceiver> known_refusal(const LastWords& words);

/// The last line that says something, of stderr or else of stdout, escaped and not too long: the
/// cause, after whatever a login shell had to tell. Empty where nothing was said.
std::string last_line(const LastWords& words);

}  // namespace snapferry
