#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "snapferry/sys/unique_fd.h"

namespace snapferry::sys {

struct Command {
    std::filesystem::path program;       ///< absolute; nothing is searched for
    std::vector<std::string> arguments;  ///< without the program's name
    UniqueFd standard_input;             ///< /dev/null where none is given
    UniqueFd standard_output;            ///< the same
    UniqueFd standard_error;             ///< the same
    std::vector<int> inherited;          ///< further descriptors that the program keeps
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
/// for. Its environment is PATH, LANG=C and nothing else.
class Process {
  public:
    /// Throws Failure (internal) where it cannot be started.
    static Process start(Command command);

    Process(Process&& other) noexcept = default;
    Process& operator=(Process&& other) noexcept {
        std::swap(pid_, other.pid_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    /// Waits for the end.
    ExitStatus wait();

    /// Waits at most this long; nothing where it still runs then.
    std::optional<ExitStatus> wait_for(std::chrono::milliseconds patience);

    void kill();

  private:
    explicit Process(pid_t pid, UniqueFd handle) : pid_(pid), handle_(std::move(handle)) {}

    pid_t pid_ = -1;
    UniqueFd handle_;  // a pidfd: empty once waited for
};

/// The first of the usual directories that has the program. Throws Failure (configuration).
std::filesystem::path find_program(std::string_view name);

}  // namespace snapferry::sys
