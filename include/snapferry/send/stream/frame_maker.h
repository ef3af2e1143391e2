#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

#include "snapferry/core/transfer/compression_tuning.h"
#include "snapferry/core/wire/compression.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/send/stream/stream_source.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::send {

/// Makes data frames of a stream on a thread of its own, compressed where that is wanted and data
/// shrinks. A few frames are made ahead; then it waits, and with it whoever makes the stream.
class FrameMaker {
  public:
    /// Reads `stream` to its end. `digest` takes in all that is read; neither is to be touched
    /// before take() has come to the end.
    FrameMaker(StreamSource& stream, wire::StreamDigest& digest, int level);
    ~FrameMaker();
    FrameMaker(const FrameMaker&) = delete;
    FrameMaker& operator=(const FrameMaker&) = delete;

    /// The next frame as it goes on the wire, good until the next call; an empty one at the end of
    /// the stream; nothing where none is made yet. Throws Failure (sending) where the stream cannot
    /// be read.
    std::optional<std::span<const std::byte>> take();

    /// For poll(): readable where take() has something.
    [[nodiscard]] int descriptor() const { return made_.get(); }

    /// How hard to compress from the next frame on; 0: not at all.
    void set_level(int level) { level_ = level; }

    /// How long, all in all, a frame had no room to go to.
    [[nodiscard]] std::chrono::nanoseconds waited() const { return waited_.load(); }

    /// Bytes of the stream in the frames made so far.
    [[nodiscard]] std::uint64_t stream_bytes() const { return stream_bytes_; }

    /// Of those, in the frames taken so far.
    [[nodiscard]] std::uint64_t taken_bytes() const { return taken_bytes_; }

    /// True where any frame was compressed.
    [[nodiscard]] bool has_compressed() const { return has_compressed_; }

  private:
    struct Slot {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
        std::uint64_t stream_end = 0;  ///< offset behind what of the stream is in it
    };

    void work(const std::stop_token& stop);
    bool wait_for_room(const std::stop_token& stop);
    std::size_t make_frame(Slot& slot, const std::stop_token& stop);
    std::size_t read_whole_frame(std::span<std::byte> into, const std::stop_token& stop);
    std::size_t read_some(std::span<std::byte> into, const std::stop_token& stop);
    std::size_t put(Slot& slot, std::span<const std::byte> data, int level);
    void publish();

    static constexpr std::size_t slots = 4;  // frames; what is made ahead is one less

    StreamSource& stream_;
    wire::StreamDigest& digest_;
    std::atomic<int> level_;
    std::atomic<std::chrono::nanoseconds> waited_{};
    std::atomic<std::uint64_t> stream_bytes_{0};
    std::atomic<bool> has_compressed_{false};

    wire::Compressor compressor_;
    ShrinkWatch shrinking_;
    std::unique_ptr<std::byte[]> uncompressed_;

    sys::UniqueFd made_;  ///< an eventfd that counts the frames that were made and not taken
    std::mutex mutex_;
    std::condition_variable_any room_;
    std::array<Slot, slots> ring_;
    std::size_t made_count_ = 0;     ///< guarded by mutex_
    std::size_t freed_count_ = 0;    ///< guarded by mutex_
    std::size_t taken_count_ = 0;    ///< of the thread that takes
    std::uint64_t taken_bytes_ = 0;  ///< likewise
    std::exception_ptr failure_;     ///< written before the last frame is published
    std::jthread thread_;
};

}  // namespace snapferry::send
