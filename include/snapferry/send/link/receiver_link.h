#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/send/link/acquaintance.h"
#include "snapferry/send/link/line.h"
#include "snapferry/send/link/receiver_channel.h"
#include "snapferry/sys/ssh/channel.h"

namespace snapferry::send {

/// The receiver does not speak snapferry's protocol: a classic one, that wants a raw stream.
/// `what()` is the evidence.
class ClassicReceiver : public Failure {
  public:
    using Failure::Failure;
};

/// A signal ended it amid its work, which tells of a fault or of too little memory.
class ReceiverCrashed : public Failure {
  public:
    using Failure::Failure;
};

/// The sender's end of the wire, over one SSH channel: one run of the receiver.
class ReceiverLink final : public ReceiverChannel {
  public:
    /// Starts the receiver of the tag and greets it. Noise of its login before its greeting is
    /// skipped, with a warning. That it speaks is remembered once it has said what it has of this
    /// tag. Throws ClassicReceiver, or Failure with what the receiver said.
    ReceiverLink(Line& line, const Tag& tag, Log& log);

    /// The connection's socket.
    [[nodiscard]] int descriptor() const override { return channel_.descriptor(); }

  private:
    void greet();
    void write_before_greeting(std::span<const std::byte> bytes);

    std::size_t write_some(std::span<const std::byte> bytes) override;
    std::size_t read_some(std::span<std::byte> into, std::chrono::milliseconds wait) override;
    bool has_ended() override { return channel_.ended(); }
    [[noreturn]] void explain_end() override;
    void look_at(const wire::Message& message) override;

    Line& line_;
    Log& log_;
    ssh::Channel channel_;
    Tag tag_;
    Acquaintance acquaintance_;
};

}  // namespace snapferry::send
