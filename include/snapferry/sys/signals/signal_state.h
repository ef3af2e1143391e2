#pragma once

namespace snapferry::sys {

/// What a program was started with is not its own: a parent may have left signals blocked or
/// ignored, and with SIGCHLD ignored, say, nobody learns how a child has ended. Afterwards none is
/// blocked, and all do what they usually do, but
///   - SIGPIPE is ignored: a broken pipe is an error like others;
///   - SIGHUP and SIGINT stay ignored where they were: that is what nohup(1), and a shell that puts
///   a
///     program into the background, mean by it.
/// For the start of a program, before it has threads.
void take_usual_signals();

/// True where the program was told by its parent to ignore the signal, or has said so itself.
bool is_ignored(int signal);

}  // namespace snapferry::sys
