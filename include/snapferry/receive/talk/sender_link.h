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
#include "snapferry/core/log/log.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/sys/signals/held_signals.h"

namespace snapferry::receive {

/// The connection is gone, or the sender has fallen silent, or takes nothing. Nothing is wrong with
/// what came before.
class SenderLost : public Failure {
  public:
    using Failure::Failure;
};

/// Somebody has told this receiver to end, such as the machine that is shut down. The sender may
/// still listen.
class ToldToEnd : public SenderLost {
  public:
    ToldToEnd();
};

/// The receiver's end of the wire: frames on stdin and stdout. Nothing in here waits without end.
/// Sending is thread-safe. As a Log it passes lines on to the sender, where it still listens.
class SenderLink final : public Log {
  public:
    using Clock = std::chrono::steady_clock;

    SenderLink(int input, int output, std::chrono::seconds stall_timeout);

    /// How long the sender may say nothing at all, may take to say a message, and to take one.
    void set_stall_timeout(std::chrono::seconds timeout) { stall_timeout_ = timeout; }

    /// While `signals` lives and until another, or nullptr, is given: where one has come, reading
    /// ends with ToldToEnd.
    void listen_to(sys::HeldSignals* signals) { signals_ = signals; }

    /// Throws SenderLost where it is not taken in time; then nothing is sent any more.
    void send(const wire::Message& message);
    void write(Severity severity, std::string_view line) override;

    /// The header of the next frame. Throws SenderLost, or Failure (protocol).
    wire::FrameHeader next_header() { return next_header_before(patience()); }

    /// The payload of a message frame.
    wire::Message read_message(const wire::FrameHeader& header);

    /// The next message that is not KeepAlive; Failure (protocol) for a data frame.
    wire::Message next_message();

    /// The same for the first message of all: whole before the deadline.
    wire::Message first_message(Clock::time_point deadline);

    /// The whole payload of a data frame, good until the next call.
    std::span<const std::byte> read_payload(std::size_t length);

    /// Up to `into.size()` bytes of a data frame's payload; at least one.
    std::size_t read_some(std::span<std::byte> into) { return read_before(patience(), into); }

  private:
    [[nodiscard]] Clock::time_point patience() const { return Clock::now() + stall_timeout_; }
    std::size_t read_before(Clock::time_point deadline, std::span<std::byte> into);
    void read_whole(Clock::time_point deadline, std::span<std::byte> into);
    wire::Message due_message_before(Clock::time_point deadline);
    wire::FrameHeader next_header_before(Clock::time_point deadline);
    wire::Message message_before(Clock::time_point deadline, std::size_t length);
    std::span<std::byte> room_for(std::size_t length);

    [[nodiscard]] std::optional<int> wait_for_input(Clock::time_point deadline) const;

    int input_;
    int output_;
    sys::HeldSignals* signals_ = nullptr;
    std::chrono::seconds stall_timeout_;
    std::mutex writing_;
    bool takes_nothing_ = false;  ///< part of a frame may have gone: no other can follow
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
