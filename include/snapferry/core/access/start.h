#pragma once

#include <span>

namespace snapferry {

/// How a program was started.
enum class Start {
    by_forced_command,  ///< sshd ran what stands in authorized_keys, whatever the client asked for
    by_wish,            ///< over ssh, and the client named the program: its key has a shell here
    unknown,            ///< not over ssh, or it cannot be seen
};

/// What the environment of a process says of ssh. sshd sets SSH_CONNECTION for everything that it
/// starts, and SSH_ORIGINAL_COMMAND beside a forced command; sudo keeps neither for the program
/// that it runs, but has them itself. Only that a variable is there counts: what it holds is the
/// client's.
struct SshVariables {
    bool has_connection = false;
    bool has_original_command = false;
};

/// `from_here_up`: of the program itself, its parent, and so on, as far as could be read.
Start judge_start(std::span<const SshVariables> from_here_up);

}  // namespace snapferry
