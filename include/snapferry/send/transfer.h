#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "snapferry/core/log.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/send/receiver_link.h"
#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// The kernel's stream on its way out.
class Transfer {
  public:
    Transfer(const btrfs::SendRequest& request, ReceiverLink& link);

    /// Reads and drops the part of the stream that the receiver has. False where the stream is not
    /// the one that the receiver has the beginning of; then this transfer is of no more use.
    bool skip(const std::vector<wire::StreamShare>& shares);

    /// Streams the rest, and says that it is whole. Throws Failure of either side.
    void run();

    [[nodiscard]] std::uint64_t offset() const { return offset_; }

  private:
    void wait_for_stream();
    std::size_t read_stream(std::span<std::byte> into);
    bool skip_share(const wire::StreamShare& share);

    ReceiverLink& link_;
    btrfs::KernelSend stream_;
    std::vector<std::byte> frame_;
    wire::StreamDigest digest_;
    std::uint64_t offset_ = 0;
};

}  // namespace snapferry::send
