#pragma once

#include <string>

/// Why `btrfs receive` failed: what it was given, or the machine that it ran on. Only the first
/// says anything about the stream.
namespace snapferry {

enum class ReceiveCause {
    stream,        ///< what it was given, or what that builds on
    symlink,       ///< likewise: a path leads through a symlink
    full_disk,     ///< the backup disk, or a quota
    failing_disk,  ///< the backup disk cannot be read or written
    crash,         ///< a signal ended it, or its memory ran out
    not_started,   ///< it never looked at the stream: it is missing or broken, say
};

struct ReceiveEnd {
    bool signalled = false;
    int status = 0;               ///< its exit status, or the signal's number
    std::string first_complaint;  ///< its first line of error; empty where there was none
    std::string tail;             ///< the last bytes of all that it said, some hundreds
};

/// The cause stands last in a complaint; before it are names, which may say anything, and be long
/// or have line feeds.
ReceiveCause cause_of(const ReceiveEnd& end);

}  // namespace snapferry
