#include "snapferry/send/stream/raw_stream.h"

#include <poll.h>

#include <algorithm>
#include <array>
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

/// The receiver's side of a raw stream: what it prints is passed on, and the last of it kept.
class Listener {
  public:
    Listener(ssh::Channel& channel, Log& log)
        : channel_(channel), lines_([this, &log](const std::string& line) {
              if (!line.empty()) {
                  log.info("receiver: {}", escape_text(line));
              }
              said_.append(line).push_back('\n');
              said_.erase(0, said_.size() - std::min(said_.size(), kept_words));
          }) {}

    /// Takes some of what is there within `wait`. Throws Failure where the line is broken or dead.
    void listen(std::chrono::milliseconds wait) {
        const auto count = channel_.read(buffer_, wait);
        lines_.push(std::span(buffer_).first(count));
    }

    std::string listen_to_the_end() {
        const auto deadline = std::chrono::steady_clock::now() + end_patience;
        while (!channel_.ended()) {
            listen(std::chrono::seconds{1});
            if (std::chrono::steady_clock::now() > deadline) {
                throw Failure(ExitCode::protocol, "the receiver does not come to an end");
            }
        }
        lines_.finish();
        return said_;
    }

    /// Whether the command has exited, as far as was heard.
    [[nodiscard]] bool has_ended() {
        listen(std::chrono::milliseconds{0});
        return channel_.exit_status(std::chrono::milliseconds{0}).has_value();
    }

  private:
    ssh::Channel& channel_;
    std::string said_;
    LineSplitter lines_;
    std::vector<std::byte> buffer_ = std::vector<std::byte>(64 * 1024);
};

/// Waits until the kernel has made more of the stream, and looks meanwhile whether the receiver is
/// there: to find out what has changed may take the kernel an hour. False where it is gone.
bool await_stream(const btrfs::KernelSend& stream, const ssh::Channel& channel, Listener& receiver,
                  JobProgress& progress) {
    constexpr std::chrono::milliseconds attention{2000};
    for (;;) {
        if (receiver.has_ended()) {
            return false;
        }
        std::array waiting{pollfd{stream.descriptor(), POLLIN, 0},
                           pollfd{channel.descriptor(), POLLIN, 0}};
        (void)::poll(waiting.data(), waiting.size(), sys::poll_timeout(attention));
        if (waiting[0].revents != 0) {
            return true;
        }
        progress.show_life();
    }
}

struct Poured {
    std::uint64_t bytes;
    bool all;  ///< the command lived until it had the last of them
};

Poured pour(btrfs::KernelSend& stream, Line& line, ssh::Channel& channel, Listener& receiver,
            JobProgress& progress) {
    std::vector<std::byte> buffer(piece);
    std::uint64_t sent = 0;
    while (await_stream(stream, channel, receiver, progress)) {
        const auto count =
            sys::read_some(stream.descriptor(), buffer, ExitCode::sending, "the kernel's stream");
        if (count == 0) {
            stream.finish();
            return {sent, true};
        }
        if (line.write(channel, std::span(buffer).first(count)) < count) {
            break;
        }
        sent += count;
        progress.move_to(sent, sent);
    }
    return {sent, false};  // its last words follow
}

}  // namespace

std::uint64_t send_raw_stream(Line& line, const Tag& tag, const btrfs::SendRequest& request,
                              JobProgress& progress, Log& log) {
    auto channel = start_receiver(line, tag, log);
    btrfs::KernelSend stream(request);
    Listener receiver(channel, log);
    const auto poured = pour(stream, line, channel, receiver, progress);
    progress.enter(JobProgress::Phase::finishing);
    channel.finish_writing();
    const auto out = receiver.listen_to_the_end();
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
