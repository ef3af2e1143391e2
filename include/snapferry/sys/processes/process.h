#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

struct Command {
    std::filesystem::path program;         ///< absolute; nothing is searched for
    std::vector<std::string> arguments;    ///< without the program's name
    UniqueFd standard_input;               ///< /dev/null where none is given
    UniqueFd standard_output;              ///< the same
    UniqueFd standard_error;               ///< the same
    std::vector<int> inherited;            ///< further descriptors that the program keeps
    std::vector<std::string> environment;  ///< "NAME=value", beside PATH and LANG
    bool in_own_group = false;  ///< it and what it starts can be killed together: see kill()
    /// Runs in the child before the program. Only system calls on what was prepared before: the
    /// parent may have threads. Returns 0, or an errno value: the child then exits with 125.
    std::function<int()> prepare;
};

/// How a process ended.
struct ExitStatus {
    int status = 0;  ///< exit status, or the number of the signal
    bool signalled = false;

    [[nodiscard]] bool is_success() const { return !signalled && status == 0; }
    [[nodiscard]] std::string text() const;  ///< "exit status 1", "signal 9"
};

/// A running program. It is killed with its parent, and when this object goes before it was waited
/// for. Its environment is PATH, LANG=C and what the command gives.
class Process {
  public:
    /// Throws Failure (internal) where it cannot be started.
    static Process start(Command command);

    Process(Process&& other) noexcept = default;
    Process& operator=(Process&& other) noexcept {
        std::swap(pid_, other.pid_);
        std::swap(handle_, other.handle_);
        std::swap(has_own_group_, other.has_own_group_);
        return *this;
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Waits for the end.
    ExitStatus wait();

    /// Waits at most this long; nothing where it still runs then.
    std::optional<ExitStatus> wait_for(std::chrono::milliseconds patience);

    /// Where it has a group of its own, all of that. Nothing once it was waited for.
    void kill();

    /// It is neither waited for nor killed any more: what hangs in the kernel, at a disk that does
    /// not answer, cannot be, and would hold up whoever waits.
    void let_go() { handle_.close(); }

    /// Can be read, as poll(2) sees it, once the program has ended; until it was waited for.
    [[nodiscard]] int descriptor() const { return handle_.get(); }

  private:
    Process(pid_t pid, UniqueFd handle, bool has_own_group)
        : pid_(pid), handle_(std::move(handle)), has_own_group_(has_own_group) {}

    pid_t pid_ = -1;
    UniqueFd handle_;  // a pidfd: empty once waited for
    bool has_own_group_ = false;
};

/// The first of the usual directories that has the program. Throws PassingFailure (`code`).
std::filesystem::path find_program(std::string_view name, ExitCode code = ExitCode::configuration);

}  // namespace snapferry::sys
