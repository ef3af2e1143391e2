#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

#include "snapferry/sys/btrfs/kernel_send.h"

namespace snapferry::send {

/// What a stream comes to. bytes.
struct StreamSize {
    std::uint64_t expected = 0;    ///< of the stream, where nothing of it is compressed
    std::uint64_t least = 0;       ///< of data, on a disk that does not compress it further
    std::uint64_t as_it_lies = 0;  ///< of the stream, with what is compressed here as it lies
};

/// Has the kernel make the stream without data, and counts. Nothing where it was told to stop
/// first. Throws Failure (sending).
std::optional<StreamSize> measure_stream(btrfs::SendRequest request, const std::stop_token& stop);

/// The same on a thread of its own, for `patience` at most; `meanwhile` is called every two
/// seconds. Nothing where it takes longer, or fails: the send itself says what fails.
std::optional<StreamSize> measure_stream_within(const btrfs::SendRequest& request,
                                                std::chrono::seconds patience,
                                                const std::function<void()>& meanwhile);

}  // namespace snapferry::send
