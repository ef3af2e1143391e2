#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/log.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/line.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// The receiver does not speak snapferry's protocol: a classic one, that wants a raw stream.
class ClassicReceiver : public Failure {
  public:
    using Failure::Failure;
};

/// The receiver has said what it failed by.
class ReceiverFailed : public Failure {
  public:
    using Failure::Failure;
};

/// The sender's end of the wire, over one SSH channel: one run of the receiver. Lines of the
/// receiver's log go to this side's log as they come.
class ReceiverLink {
  public:
    /// Starts the receiver and greets it. Throws ClassicReceiver, or Failure with what the receiver
    /// said.
    ReceiverLink(Line& line, const std::string& command, Log& log);

    void send(const wire::Message& message);

    /// Sends a whole frame, header and payload.
    void send_frame(std::span<const std::byte> frame) { write(frame); }

    /// Says that this side lives, where it has said nothing for some seconds.
    void keep_alive();

    /// Takes in what the receiver has said so far, without waiting. Throws Failure where that is
    /// that it failed.
    void listen();

    /// The next message that is not of the log or the progress. Throws Failure where the receiver
    /// failed, ended, or has said nothing at all for the session's time.
    wire::Message await();

    [[nodiscard]] const wire::Progress& progress() const { return progress_; }

    /// The connection's socket, for poll().
    [[nodiscard]] int descriptor() const { return channel_.descriptor(); }

  private:
    void greet();
    bool read_more(std::chrono::milliseconds wait);
    std::optional<wire::Message> take_message();
    void write(std::span<const std::byte> bytes);
    [[noreturn]] void explain_silence();
    [[noreturn]] void explain_end();

    Line& line_;
    Log& log_;
    ssh::Channel channel_;
    wire::FrameReader frames_;
    std::vector<std::byte> buffer_;
    wire::Progress progress_;
    bool greeted_ = false;  ///< the receiver speaks the protocol
    std::chrono::steady_clock::time_point last_said_;
};

/// How a command ended at the other side, for the person: throws Failure with exit code, cause and
/// hint from its exit status and what it said on stderr.
[[noreturn]] void explain_remote_end(const std::string& said, std::optional<int> status);

/// The same for a receiver that spoke the protocol and ended without a last word: it lost this side
/// (its exit status says so), or something ended it. Either may pass.
[[noreturn]] void explain_session_end(const std::string& said, std::optional<int> status);

}  // namespace snapferry::send
