#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"

namespace snapferry::receive {

/// The connection is gone, or the sender has fallen silent. Nothing is wrong with what came before.
class SenderLost : public Failure {
  public:
    using Failure::Failure;
};

/// The receiver's end of the wire: frames on stdin and stdout. Sending is thread-safe. As a Log it
/// passes lines on to the sender, where it still listens.
class SenderLink final : public Log {
  public:
    SenderLink(int input, int output, std::chrono::seconds stall_timeout);

    /// How long the sender may say nothing at all.
    void set_stall_timeout(std::chrono::seconds timeout) { stall_timeout_ = timeout; }

    void send(const wire::Message& message);
    void write(Severity severity, std::string_view line) override;

    /// The header of the next frame. Throws SenderLost, or Failure (protocol).
    wire::FrameHeader next_header();

    /// The payload of a message frame.
    wire::Message read_message(const wire::FrameHeader& header);

    /// The next message that is not KeepAlive; Failure (protocol) for a data frame.
    wire::Message next_message();

    /// The whole payload of any frame, good until the next call.
    std::span<const std::byte> read_payload(std::size_t length);

    /// Up to `into.size()` bytes of a data frame's payload; at least one.
    std::size_t read_some(std::span<std::byte> into);

  private:
    void read_exactly(std::span<std::byte> into);

    int input_;
    int output_;
    std::chrono::seconds stall_timeout_;
    std::mutex writing_;
    std::vector<std::byte> payload_;
};

/// Tells the sender every few seconds how far the receiver is, from a thread of its own: a slow
/// disk must not look like a dead peer.
class Heartbeat {
  public:
    using Report = std::function<wire::Progress()>;
    Heartbeat(SenderLink& link, Report report);

  private:
    std::jthread thread_;
};

}  // namespace snapferry::receive
