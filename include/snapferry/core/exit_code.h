#pragma once

#include <array>
#include <string_view>

namespace snapferry {

/// What a program of snapferry tells its caller. 1 to 5 are the classic scripts' own.
enum class ExitCode : int {
    done = 0,
    configuration = 1,
    directory_missing = 2,
    no_parent = 3,
    bad_tag = 4,
    not_root = 5,
    connection = 10,
    host_key = 11,
    authentication = 12,
    sending = 13,
    receiving = 14,
    busy = 15,
    no_space = 16,
    refused_stream = 17,
    protocol = 18,
    interrupted = 19,
    internal = 20,
    incomplete = 21,
};

struct ExitCodeMeaning {
    ExitCode code;
    std::string_view name;     ///< as it stands in the wire's `failed` message
    std::string_view meaning;  ///< one line for --help, README and the man pages
};

/// Every exit code with its meaning, in order of number: the source of --help and of the documents.
inline constexpr std::array exit_code_meanings{
    ExitCodeMeaning{ExitCode::done, "done", "done, or nothing to do"},
    ExitCodeMeaning{ExitCode::configuration, "configuration",
                    "the key, the configuration or the command line cannot be used"},
    ExitCodeMeaning{ExitCode::directory_missing, "directory_missing",
                    "a directory is missing, or the backup disk is not there or not writable"},
    ExitCodeMeaning{ExitCode::no_parent, "no_parent",
                    "no usable parent, and an incremental send was demanded"},
    ExitCodeMeaning{ExitCode::bad_tag, "bad_tag", "the tag is missing or not allowed"},
    ExitCodeMeaning{ExitCode::not_root, "not_root", "not run as root"},
    ExitCodeMeaning{ExitCode::connection, "connection",
                    "the receiver cannot be reached, or the connection broke"},
    ExitCodeMeaning{ExitCode::host_key, "host_key",
                    "the receiver's host key is unknown or changed"},
    ExitCodeMeaning{ExitCode::authentication, "authentication",
                    "the receiver refused the login or sudo refused the command"},
    ExitCodeMeaning{ExitCode::sending, "sending", "reading the snapshot failed at the sender"},
    ExitCodeMeaning{ExitCode::receiving, "receiving", "applying the stream failed at the receiver"},
    ExitCodeMeaning{ExitCode::busy, "busy", "another run is at work on the same tag or job"},
    ExitCodeMeaning{ExitCode::no_space, "no_space", "the disk has too little space"},
    ExitCodeMeaning{ExitCode::refused_stream, "refused_stream",
                    "the receiver's guard refused the stream"},
    ExitCodeMeaning{ExitCode::protocol, "protocol",
                    "the other side speaks another protocol, or fell silent"},
    ExitCodeMeaning{ExitCode::interrupted, "interrupted", "stopped by a signal"},
    ExitCodeMeaning{ExitCode::internal, "internal", "an error of snapferry itself"},
    ExitCodeMeaning{ExitCode::incomplete, "incomplete",
                    "not all was restored: something was left alone, failed or differs"},
};

constexpr std::string_view exit_code_name(ExitCode code) {
    for (const auto& entry : exit_code_meanings) {
        if (entry.code == code) {
            return entry.name;
        }
    }
    return "internal";
}

}  // namespace snapferry
