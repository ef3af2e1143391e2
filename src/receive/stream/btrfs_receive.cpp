#include "snapferry/receive/stream/btrfs_receive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <thread>

#include "snapferry/core/disk/receive_cause.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/last_lines.h"
#include "snapferry/core/text/line_splitter.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"
#include "snapferry/sys/signals/held_signals.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

/// What it said that was no line of error either: a loader's words, say.
std::string last_words_of(const ReceiveEnd& end) {
    LastLines said;
    said.push(std::as_bytes(std::span(end.tail)));
    const auto words = said.text();
    return words.empty() ? "" : ": " + words;
}

}  // namespace

/// Reads the program's stderr on a thread of its own, so that it never waits for a reader. The
/// first line of error tells the cause; what follows is mostly consequence.
class BtrfsReceive::Complaints {
  public:
    explicit Complaints(sys::UniqueFd errors)
        : errors_(std::move(errors)), thread_([this] { read_to_the_end(); }) {}

    /// Waits for the end of the program's stderr. Empty where it complained of nothing.
    std::string first() {
        await_end();
        return first_;
    }

    /// How it ended, with what it said. Waits for the end of its stderr.
    ReceiveEnd end(const sys::ExitStatus& status) {
        await_end();
        return {status.signalled, status.status, first_, tail_};
    }

  private:
    static constexpr std::size_t kept_tail = 256;  // bytes; longer than the words for any errno

    void await_end() {
        if (thread_.joinable()) {
            thread_.join();
        }
    }

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
            const auto bytes = std::span(piece).first(static_cast<std::size_t>(count));
            lines.push(bytes);
            tail_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            tail_.erase(0, tail_.size() - std::min(tail_.size(), kept_tail));
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
    std::string tail_;
    std::jthread thread_;
};

BtrfsReceive::BtrfsReceive(const sys::SealedRoom& room, const ReceiveSettings& settings)
    : disk_timeout_(settings.disk_timeout), goes_on_(settings.goes_on) {
    auto input = sys::Pipe::make_for_bulk();
    auto errors = sys::Pipe::make();
    sys::stop_blocking(input.write_end.get());

    sys::Command command;
    command.program = sys::find_program("btrfs", ExitCode::receiving);
    command.arguments = {"-q", "receive", "--chroot", room.inside().native()};
    command.standard_input = std::move(input.read_end);
    command.standard_error = std::move(errors.write_end);
    if (settings.lock_descriptor >= 0) {
        command.inherited = {settings.lock_descriptor};
    }
    command.prepare = [&room, &settings] {
        sys::ignore_ending_signals();  // what it has taken is worth keeping: see HeldSignals
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
}

// The program first: its end is the end of its stderr, which the reading thread waits for.
BtrfsReceive::~BtrfsReceive() {
    process_.reset();
}

BtrfsReceive::BtrfsReceive(BtrfsReceive&&) noexcept = default;
BtrfsReceive& BtrfsReceive::operator=(BtrfsReceive&& other) noexcept {
    std::swap(process_, other.process_);
    std::swap(input_, other.input_);
    std::swap(complaints_, other.complaints_);
    std::swap(disk_timeout_, other.disk_timeout_);
    std::swap(goes_on_, other.goes_on_);
    return *this;
}

void BtrfsReceive::write(std::span<const std::byte> stream) {
    while (!stream.empty()) {
        const auto count = ::write(input_.get(), stream.data(), stream.size());
        if (count >= 0) {
            stream = stream.subspan(static_cast<std::size_t>(count));
        } else if (errno == EPIPE) {
            fail(end());
        } else if (errno == EAGAIN) {
            wait_for_room();
        } else if (errno != EINTR) {
            throw sys::system_failure(ExitCode::receiving, "write to btrfs receive");
        }
    }
}

void BtrfsReceive::wait_for_room() {
    if (!sys::wait_writable(input_.get(), disk_timeout_)) {
        give_up();
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
                  "see the kernel's log at the receiver: its disk may be slow or failing");
}

void BtrfsReceive::fail(const sys::ExitStatus& status) {
    const auto end = complaints_->end(status);
    const auto complaint = escape_text(end.first_complaint);
    switch (cause_of(end)) {
        case ReceiveCause::full_disk:
            throw Failure(ExitCode::no_space, "the backup disk is full: " + complaint,
                          "make room (btrfs filesystem usage shows whether data or metadata is "
                          "full), or keep fewer snapshots");
        case ReceiveCause::failing_disk:
            throw PassingFailure(
                ExitCode::receiving, "the backup disk fails: " + complaint,
                "see the kernel's log (dmesg) and btrfs device stats at the receiver, "
                "and mend or replace the disk, its cable or its power supply");
        case ReceiveCause::symlink:
            throw Failure(ExitCode::refused_stream,
                          "stream refused: it leads through a symlink: " + complaint);
        case ReceiveCause::not_started:
            throw PassingFailure(ExitCode::receiving,
                                 fmt::format("btrfs receive could not begin ({}{})", status.text(),
                                             last_words_of(end)),
                                 "run btrfs --version at the receiver: where that fails, install "
                                 "btrfs-progs anew; see the kernel's log there");
        case ReceiveCause::crash:
            fail_by_crash(complaint.empty() ? status.text() : complaint);
        case ReceiveCause::stream:
            break;
    }
    if (complaint.find("btrfs.") != std::string::npos &&
        complaint.find("xattr") != std::string::npos) {
        throw Failure(
            ExitCode::receiving, "btrfs receive: " + complaint,
            "the receiver's kernel does not take that property of the file: at the sender clear it "
            "(btrfs property set FILE compression \"\") and take a new snapshot, or run a newer "
            "kernel at the receiver");
    }
    throw Failure(ExitCode::receiving,
                  complaint.empty() ? fmt::format("btrfs receive ended with {}", status.text())
                                    : fmt::format("btrfs receive: {}", complaint),
                  "see the kernel's log at the receiver if this comes again");
}

/// Too little memory more often than a fault of the stream. What was begun by an earlier run might
/// crash it for ever, and hold up what is newer.
void BtrfsReceive::fail_by_crash(const std::string& how) const {
    const auto message = fmt::format("btrfs receive was cut off: {}", how);
    const auto* const hint =
        "see the kernel's log (dmesg) at the receiver: its memory may have run out";
    if (goes_on_) {
        throw Failure(ExitCode::receiving, message, hint);
    }
    throw PassingFailure(ExitCode::receiving, message, hint);
}

}  // namespace snapferry::receive
