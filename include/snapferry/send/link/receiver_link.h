#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/report/log.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/link/acquaintance.h"
#include "snapferry/send/link/line.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// The receiver does not speak snapferry's protocol: a classic one, that wants a raw stream.
/// `what()` is the evidence.
class ClassicReceiver : public Failure {
  public:
    using Failure::Failure;
};

/// The receiver has said what it failed by.
class ReceiverFailed : public Failure {
  public:
    ReceiverFailed(ExitCode code, const std::string& message, std::string hint, bool may_pass)
        : Failure(code, message, std::move(hint)) {
        set_may_pass(may_pass);
    }
};

/// A signal ended it amid its work, which tells of a fault or of too little memory.
class ReceiverCrashed : public Failure {
  public:
    using Failure::Failure;
};

/// The sender's end of the wire, over one SSH channel: one run of the receiver. Lines of the
/// receiver's log go to this side's log as they come.
class ReceiverLink {
  public:
    /// Starts the receiver of the tag and greets it. Noise of its login before its greeting is
    /// skipped, with a warning. That it speaks is remembered once it has said what it has of this
    /// tag. Throws ClassicReceiver, or Failure with what the receiver said.
    ReceiverLink(Line& line, const Tag& tag, Log& log);

    void send(const wire::Message& message);

    /// Sends a whole frame, header and payload.
    void send_frame(std::span<const std::byte> frame) { write(frame); }

    /// Says that this side lives, where it has said nothing for some seconds. Throws Failure where
    /// the receiver should have said that it lives, and has not for long.
    void keep_alive();

    /// Takes in what the receiver has said so far, without waiting. Throws Failure where that is
    /// that it failed.
    void listen();

    /// The next message that is not of the log or the progress. Throws Failure where the receiver
    /// failed, ended, has said nothing for two minutes, or nothing but signs of life for hours.
    wire::Message await();

    [[nodiscard]] const wire::Progress& progress() const { return progress_; }

    /// The connection's socket, for poll().
    [[nodiscard]] int descriptor() const { return channel_.descriptor(); }

  private:
    void greet();
    void look_at(const wire::Message& message);
    void take_up(std::string_view words);
    bool read_more(std::chrono::milliseconds wait);
    std::optional<wire::Message> take_message();
    void write(std::span<const std::byte> bytes);
    void require_life();
    void write_before_greeting(std::span<const std::byte> bytes);
    [[noreturn]] void explain_end();

    Line& line_;
    Log& log_;
    ssh::Channel channel_;
    Tag tag_;
    Acquaintance acquaintance_;
    wire::FrameReader frames_;
    std::vector<std::byte> buffer_;
    wire::Progress progress_;
    std::chrono::steady_clock::time_point last_said_;
    std::optional<std::chrono::steady_clock::time_point>
        last_heard_;  ///< once it must say it lives
};

}  // namespace snapferry::send
