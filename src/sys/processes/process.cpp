#include "snapferry/sys/processes/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

// Exit statuses of the child before the program, as env(1) has them.
constexpr int cannot_prepare = 125;
constexpr int cannot_execute = 126;

const std::array<const char*, 2> clean_environment{
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C"};

UniqueFd open_null() {
    UniqueFd fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!fd) {
        throw system_failure(ExitCode::internal, "open /dev/null");
    }
    return fd;
}

/// Puts the three standard descriptors in place, and keeps no other but those to be inherited.
/// Those given are above 2: the program's own 0 to 2 are open from the start (see programs/).
int place_descriptors(const Command& command) {
    const std::array sources{command.standard_input.get(), command.standard_output.get(),
                             command.standard_error.get()};
    for (int target = 0; target < 3; ++target) {
        if (::dup2(sources[static_cast<std::size_t>(target)], target) < 0) {
            return errno;
        }
    }
    // Best effort (Linux 5.11): this project's own descriptors are all close-on-exec.
    (void)::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const int fd : command.inherited) {
        if (::fcntl(fd, F_SETFD, 0) < 0) {
            return errno;
        }
    }
    return 0;
}

/// A child starts with no signal blocked or ignored, whatever its parent does.
void reset_signals() {
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int number = 1; number < NSIG; ++number) {
        ::signal(number, SIG_DFL);  // those that cannot be changed need no change
    }
}

/// What execve(2) takes: pointers to the texts, and a last one to nothing.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

[[noreturn]] void run_child(const Command& command, char* const* arguments,
                            char* const* environment, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(cannot_prepare);  // the parent went before prctl could see it go
    }
    reset_signals();
    if (place_descriptors(command) != 0) {
        ::_exit(cannot_prepare);
    }
    if (command.in_own_group && ::setpgid(0, 0) != 0) {
        ::_exit(cannot_prepare);
    }
    if (command.prepare) {
        if (const int error = command.prepare(); error != 0) {
            ::dprintf(STDERR_FILENO, "ERROR: cannot prepare the program's room: errno %d\n", error);
            ::_exit(cannot_prepare);
        }
    }
    ::execve(command.program.c_str(), arguments, environment);
    ::dprintf(STDERR_FILENO, "ERROR: cannot execute the program: errno %d\n", errno);
    ::_exit(cannot_execute);
}

}  // namespace

std::string ExitStatus::text() const {
    return signalled ? fmt::format("signal {}", status) : fmt::format("exit status {}", status);
}

Process Process::start(Command command) {
    for (auto* fd : {&command.standard_input, &command.standard_output, &command.standard_error}) {
        if (!*fd) {
            *fd = open_null();
        }
    }
    const auto name = command.program.native();
    command.arguments.insert(command.arguments.begin(), name);
    const auto arguments = pointers_to(command.arguments);
    command.environment.insert(command.environment.begin(), clean_environment.begin(),
                               clean_environment.end());
    const auto environment = pointers_to(command.environment);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) {
        throw system_failure(ExitCode::internal, "start " + escape_text(name));
    }
    if (pid == 0) {
        run_child(command, arguments.data(), environment.data(), parent);
    }
    UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!handle) {
        const auto failure = system_failure(ExitCode::internal, "watch " + escape_text(name));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        throw failure;
    }
    if (command.in_own_group) {
        // As the child does it: whichever comes first, there is a group to kill from here on.
        (void)::setpgid(pid, pid);
    }
    return Process(pid, std::move(handle), command.in_own_group);
}

Process::~Process() {
    if (handle_) {
        kill();
        ::waitpid(pid_, nullptr, 0);
    }
}

ExitStatus Process::wait() {
    int raw = 0;
    while (::waitpid(pid_, &raw, 0) < 0) {
        if (errno != EINTR) {
            throw system_failure(ExitCode::internal, "wait for a program");
        }
    }
    handle_.close();
    return WIFSIGNALED(raw) ? ExitStatus{WTERMSIG(raw), true} : ExitStatus{WEXITSTATUS(raw), false};
}

std::optional<ExitStatus> Process::wait_for(std::chrono::milliseconds patience) {
    return wait_readable(handle_.get(), patience) ? std::optional(wait()) : std::nullopt;
}

void Process::kill() {
    if (handle_) {
        ::kill(has_own_group_ ? -pid_ : pid_, SIGKILL);
    }
}

std::filesystem::path find_program(std::string_view name, ExitCode code) {
    for (const auto* directory : {"/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/sbin"}) {
        auto path = std::filesystem::path(directory) / name;
        if (::access(path.c_str(), X_OK) == 0) {
            return path;
        }
    }
    throw PassingFailure(
        code, fmt::format("the program {} is not installed", name),
        "install the package that has it (btrfs-progs for btrfs, sudo for cvtsudoers, "
        "openssh-server for sshd)");
}

}  // namespace snapferry::sys
