#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "snapferry/core/wire/message.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/send/job/job_progress.h"
#include "snapferry/send/link/receiver_channel.h"
#include "snapferry/send/stream/frame_maker.h"
#include "snapferry/send/stream/stream_source.h"

namespace snapferry::send {

/// A stream on its way out.
class Transfer {
  public:
    Transfer(std::unique_ptr<StreamSource> stream, ReceiverChannel& link, JobProgress& progress);

    /// Reads and drops the part of the stream that the receiver has. False where the stream is not
    /// the one that the receiver has the beginning of; then this transfer is of no more use. A
    /// share that has a MAC is compared by that, and by nothing else.
    bool skip(const std::vector<wire::StreamShare>& shares);

    /// Likewise, but without reading any of the data: the outline alone is compared, which every
    /// share must have. `stream`: this transfer's own.
    bool pass_over(OutlinedSource& stream, const std::vector<wire::StreamShare>& shares);

    /// Streams the rest, and says that it is whole. Throws Failure of either side. `tuning`: how
    /// hard the data is compressed. `before_end` is called before that word.
    void run(CompressionTuning tuning, const std::function<void()>& before_end);

    [[nodiscard]] std::uint64_t offset() const { return offset_; }

    /// Bytes that run() has sent, frames and all.
    [[nodiscard]] std::uint64_t wire_bytes() const { return wire_bytes_; }

    /// True where any of it was compressed.
    [[nodiscard]] bool was_compressed() const { return was_compressed_; }

  private:
    void wait_for(int descriptor);
    std::span<const std::byte> next_frame(FrameMaker& frames);
    bool skip_share(const wire::StreamShare& share);
    bool pass_share_over(OutlinedSource& stream, const wire::StreamShare& share);
    bool drop_until(std::uint64_t end, const std::function<void(std::span<const std::byte>)>& take);

    ReceiverChannel& link_;
    JobProgress& progress_;
    std::unique_ptr<StreamSource> stream_;
    wire::StreamDigest digest_;
    std::uint64_t offset_ = 0;
    std::uint64_t wire_bytes_ = 0;
    bool was_compressed_ = false;
};

}  // namespace snapferry::send
