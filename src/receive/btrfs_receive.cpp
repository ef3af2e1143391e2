#include "snapferry/receive/btrfs_receive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/line_splitter.h"
#include "snapferry/sys/pipe.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {

/// Reads the program's stderr on a thread of its own, so that it never waits for a reader. The
/// first line of error tells the cause; what follows is mostly consequence.
class BtrfsReceive::Complaints {
  public:
    explicit Complaints(sys::UniqueFd errors)
        : errors_(std::move(errors)), thread_([this] { read_to_the_end(); }) {}

    /// Waits for the end of the program's stderr. Empty where it complained of nothing.
    std::string first() {
        if (thread_.joinable()) {
            thread_.join();
        }
        return first_;
    }

  private:
    void read_to_the_end() {
        LineSplitter lines([this](const std::string& line) { take(line); });
        std::array<std::byte, 4096> piece{};
        for (;;) {
            const auto count = ::read(errors_.get(), piece.data(), piece.size());
            if (count < 0 && errno == EINTR) {
                continue;
            }
            if (count <= 0) {
                break;
            }
            lines.push(std::span(piece).first(static_cast<std::size_t>(count)));
        }
        lines.finish();
    }

    void take(const std::string& line) {
        constexpr std::string_view mark = "ERROR";
        if (first_.empty() && line.starts_with(mark)) {
            const auto text = line.find_first_not_of(": ", mark.size());
            first_ = text == std::string::npos ? line : line.substr(text);
        }
    }

    sys::UniqueFd errors_;
    std::string first_;
    std::jthread thread_;
};

/// Kills the program where a write to it makes no headway for about so long: the write then ends.
class BtrfsReceive::Watchdog {
  public:
    Watchdog(sys::Process& process, std::chrono::seconds patience)
        : thread_([this, &process, patience](const std::stop_token& stop) {
              watch(process, patience, stop);
          }) {}

    /// Said before and after each write.
    void is_writing(bool writing) {
        is_writing_ = writing;
        ++moves_;
    }

    [[nodiscard]] bool has_bitten() const { return has_bitten_; }

  private:
    void watch(sys::Process& process, std::chrono::seconds patience, const std::stop_token& stop) {
        std::mutex unshared;
        std::unique_lock lock(unshared);
        for (auto seen = moves_.load(); !stop.stop_requested(); seen = moves_.load()) {
            ended_.wait_for(lock, stop, patience, [] { return false; });
            if (moves_ == seen && is_writing_ && !stop.stop_requested()) {
                has_bitten_ = true;
                process.kill();
                return;
            }
        }
    }

    std::atomic<std::uint64_t> moves_{0};
    std::atomic<bool> is_writing_{false};
    std::atomic<bool> has_bitten_{false};
    std::condition_variable_any ended_;
    std::jthread thread_;
};

namespace {

/// The cause stands last in a line of error. Before it are names, which may say anything.
bool ends_with(const std::string& complaint, int error) {
    return complaint.ends_with(": " + std::generic_category().message(error));
}

Failure failure_for(const std::string& complaint, const sys::ExitStatus& status) {
    if (ends_with(complaint, ENOSPC) || ends_with(complaint, EDQUOT)) {
        return Failure(ExitCode::no_space, "the backup disk is full: " + escape_text(complaint),
                       "make room (btrfs filesystem usage shows whether data or metadata is full), "
                       "or keep fewer snapshots");
    }
    if (ends_with(complaint, ELOOP)) {
        return Failure(ExitCode::refused_stream,
                       "stream refused: it leads through a symlink: " + escape_text(complaint));
    }
    return Failure(ExitCode::receiving,
                   complaint.empty() ? fmt::format("btrfs receive ended with {}", status.text())
                                     : fmt::format("btrfs receive: {}", escape_text(complaint)),
                   "see the kernel's log at the receiver if this comes again");
}

}  // namespace

BtrfsReceive::BtrfsReceive(const sys::SealedRoom& room, const ReceiveSettings& settings)
    : disk_timeout_(settings.disk_timeout) {
    auto input = sys::Pipe::make();
    auto errors = sys::Pipe::make();
    sys::enlarge_pipe(input.write_end.get());

    sys::Command command;
    command.program = sys::find_program("btrfs");
    command.arguments = {"-q", "receive", "--chroot", room.inside().native()};
    command.standard_input = std::move(input.read_end);
    command.standard_error = std::move(errors.write_end);
    if (settings.lock_descriptor >= 0) {
        command.inherited = {settings.lock_descriptor};
    }
    command.prepare = [&room, &settings] {
        if (const int error = sys::stay_out_of_the_way(settings.nice, settings.io_class)) {
            return error;
        }
        if (const int error = room.enter()) {
            return error;
        }
        return sys::drop_needless_privileges();
    };
    process_ = std::make_unique<sys::Process>(sys::Process::start(std::move(command)));
    input_ = std::move(input.write_end);
    complaints_ = std::make_unique<Complaints>(std::move(errors.read_end));
    watchdog_ = std::make_unique<Watchdog>(*process_, disk_timeout_);
}

// The program first: its end is the end of its stderr, which the reading thread waits for.
BtrfsReceive::~BtrfsReceive() {
    watchdog_.reset();
    process_.reset();
}

BtrfsReceive::BtrfsReceive(BtrfsReceive&&) noexcept = default;
BtrfsReceive& BtrfsReceive::operator=(BtrfsReceive&& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(input_, other.input_);
    std::swap(complaints_, other.complaints_);
    std::swap(watchdog_, other.watchdog_);
    std::swap(disk_timeout_, other.disk_timeout_);
    return *this;
}

void BtrfsReceive::write(std::span<const std::byte> stream) {
    while (!stream.empty()) {
        watchdog_->is_writing(true);
        const auto count = ::write(input_.get(), stream.data(), stream.size());
        const int error = errno;
        watchdog_->is_writing(false);
        if (count >= 0) {
            stream = stream.subspan(static_cast<std::size_t>(count));
        } else if (error == EPIPE) {
            watchdog_->has_bitten() ? give_up() : fail(end());
        } else if (error != EINTR) {
            throw sys::system_failure(ExitCode::receiving, "write to btrfs receive", error);
        }
    }
}

void BtrfsReceive::finish() {
    input_.close();
    const auto status = end();
    if (!status.is_success() || !complaints_->first().empty()) {
        fail(status);
    }
}

sys::ExitStatus BtrfsReceive::end() {
    watchdog_.reset();
    const auto status = process_->wait_for(disk_timeout_);
    if (!status) {
        give_up();
    }
    return *status;
}

void BtrfsReceive::give_up() {
    throw Failure(ExitCode::receiving,
                  fmt::format("btrfs receive made no headway for {} s and was given up",
                              disk_timeout_.count()),
                  "see the kernel's log at the receiver: its disk may hang");
}

void BtrfsReceive::fail(const sys::ExitStatus& status) {
    throw failure_for(complaints_->first(), status);
}

}  // namespace snapferry::receive
