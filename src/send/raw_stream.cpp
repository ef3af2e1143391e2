#include "snapferry/send/raw_stream.h"

#include <chrono>
#include <vector>

#include "snapferry/core/escape.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/line_splitter.h"
#include "snapferry/send/receiver_link.h"
#include "snapferry/sys/descriptor_io.h"

namespace snapferry::send {
namespace {

constexpr std::size_t piece = 1024 * 1024;  // bytes; a read of the kernel's stream

/// A classic receiver is silent while it syncs and prunes.
constexpr std::chrono::minutes end_patience{60};

std::uint64_t pour(btrfs::KernelSend& stream, Line& line, ssh::Channel& channel,
                   JobProgress& progress) {
    std::vector<std::byte> buffer(piece);
    std::uint64_t sent = 0;
    for (;;) {
        const auto count =
            sys::read_some(stream.descriptor(), buffer, ExitCode::sending, "the kernel's stream");
        if (count == 0) {
            stream.finish();
            return sent;
        }
        if (line.write(channel, std::span(buffer).first(count)) < count) {
            return sent;  // the receiver has ended: its last words follow
        }
        sent += count;
        progress.move_to(sent, sent);
    }
}

bool lacks_parent(const std::string& said, std::optional<int> status) {
    return status == static_cast<int>(ExitCode::no_parent) ||
           said.find("cannot find parent") != std::string::npos;
}

void listen_to_the_end(ssh::Channel& channel, Log& log) {
    LineSplitter lines([&log](const std::string& line) {
        if (!line.empty()) {
            log.info("receiver: {}", escape_text(line));
        }
    });
    std::vector<std::byte> buffer(64 * 1024);
    const auto deadline = std::chrono::steady_clock::now() + end_patience;
    while (!channel.ended()) {
        const auto count = channel.read(buffer, std::chrono::seconds{1});
        lines.push(std::span(buffer).first(count));
        if (std::chrono::steady_clock::now() > deadline) {
            throw Failure(ExitCode::protocol, "the receiver does not come to an end");
        }
    }
    lines.finish();
}

}  // namespace

std::uint64_t send_raw_stream(Line& line, const std::string& command,
                              const btrfs::SendRequest& request, JobProgress& progress, Log& log) {
    auto channel = line.session(log).run(command);
    btrfs::KernelSend stream(request);
    const auto sent = pour(stream, line, channel, progress);
    progress.enter(JobProgress::Phase::finishing);
    channel.finish_writing();
    listen_to_the_end(channel, log);

    const auto status = channel.exit_status(std::chrono::seconds{10});
    const auto said = channel.take_error_output();
    if (status == 0) {
        return sent;
    }
    if (lacks_parent(said, status)) {
        throw Failure(ExitCode::no_parent, "the receiver does not have the parent");
    }
    explain_remote_end(said, status);
}

}  // namespace snapferry::send
