#pragma once

#include <string>

#include "snapferry/core/exit_code.h"

namespace snapferry {

/// Why what answers at the other side takes no backup, or cannot be believed when it says so.
struct NoReceiver {
    enum class Kind {
        failed,          ///< a receiver that says itself what went wrong
        refused,         ///< the login, its shell or sudo refused the command
        not_installed,   ///< nothing is there that could be started
        silent,          ///< it neither says anything nor ends
        lost,            ///< it ended without an exit status
        crashed,         ///< a signal ended it that comes of a fault, or of too little memory
        once_snapferry,  ///< it answers as a classic receiver, and has spoken our protocol before
        takes_anything,  ///< it calls a success what is no stream at all
        unknown,
    };

    Kind kind;
    ExitCode code;
    std::string message;  ///< for a Failure, with the other side's words, escaped
    std::string hint;
};

}  // namespace snapferry
