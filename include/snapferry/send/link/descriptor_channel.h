#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "snapferry/core/log/log.h"
#include "snapferry/send/link/receiver_channel.h"

namespace snapferry::send {

/// The sender's end of the wire over two descriptors, which somebody else has connected with a
/// receiver: a pair of pipes, standard input and output.
class DescriptorChannel final : public ReceiverChannel {
  public:
    /// Greets the receiver. Throws Failure (protocol) where it does not greet in its turn.
    DescriptorChannel(int input, int output, Log& log);

    [[nodiscard]] int descriptor() const override { return input_; }

  private:
    void greet();
    std::size_t write_some(std::span<const std::byte> bytes) override;
    std::size_t read_some(std::span<std::byte> into, std::chrono::milliseconds wait) override;
    bool has_ended() override { return ended_; }
    [[noreturn]] void explain_end() override;

    int input_;
    int output_;
    bool ended_ = false;
};

}  // namespace snapferry::send
