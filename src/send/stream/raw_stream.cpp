#include "snapferry/send/stream/raw_stream.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "snapferry/core/answer/raw_end.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/line_splitter.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_command.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::send {
namespace {

constexpr std::size_t piece = 1024 * 1024;  // bytes; a read of the kernel's stream

/// A classic receiver is silent while it syncs and prunes.
constexpr std::chrono::minutes end_patience{60};

constexpr std::size_t kept_words = 64 * 1024;  // bytes of stdout, the last ones

struct Poured {
    std::uint64_t bytes;
    bool all;  ///< the command lived until it had the last of them
};

bool has_ended(ssh::Channel& channel) {
    return channel.exit_status(std::chrono::milliseconds{0}).has_value();
}

Poured pour(btrfs::KernelSend& stream, Line& line, ssh::Channel& channel, JobProgress& progress) {
    std::vector<std::byte> buffer(piece);
    std::uint64_t sent = 0;
    for (;;) {
        const auto count =
            sys::read_some(stream.descriptor(), buffer, ExitCode::sending, "the kernel's stream");
        if (count == 0) {
            stream.finish();
            return {sent, true};
        }
        if (has_ended(channel) || line.write(channel, std::span(buffer).first(count)) < count) {
            return {sent, false};  // its last words follow
        }
        sent += count;
        progress.move_to(sent, sent);
    }
}

/// Passes on what it prints, and keeps the last of it.
std::string listen_to_the_end(ssh::Channel& channel, Log& log) {
    std::string said;
    LineSplitter lines([&](const std::string& line) {
        if (!line.empty()) {
            log.info("receiver: {}", escape_text(line));
        }
        said.append(line).push_back('\n');
        said.erase(0, said.size() - std::min(said.size(), kept_words));
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
    return said;
}

}  // namespace

std::uint64_t send_raw_stream(Line& line, const Tag& tag, const btrfs::SendRequest& request,
                              JobProgress& progress, Log& log) {
    auto channel = start_receiver(line, tag, log);
    btrfs::KernelSend stream(request);
    const auto poured = pour(stream, line, channel, progress);
    progress.enter(JobProgress::Phase::finishing);
    channel.finish_writing();
    const auto out = listen_to_the_end(channel, log);
    const auto status = channel.exit_status(std::chrono::seconds{10});
    const auto err = channel.take_error_output();
    const auto end =
        judge_raw_end({out, err, status, line.receiver().destination.user}, poured.all);
    if (std::holds_alternative<LacksParent>(end)) {
        throw Failure(ExitCode::no_parent, "the receiver does not have the parent");
    }
    if (const auto* nobody = std::get_if<NoReceiver>(&end)) {
        throw_failure_of(*nobody);
    }
    log.info("{}", std::get<TookStream>(end).remark);
    return poured.bytes;
}

}  // namespace snapferry::send
