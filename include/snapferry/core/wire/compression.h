#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

/// The payload of a compressed data frame: one zstd frame (RFC 8878) that says its content's size.
/// Each can be unpacked by itself, so that no side needs more memory than two frames.
namespace snapferry::wire {

inline constexpr int lowest_level = 1;  // zstd's, fastest
/// What is above takes much more time and memory for next to nothing.
inline constexpr int highest_level = 19;

/// Compresses the payloads of frames. Keeps its working memory (17 MiB at the highest level) from
/// one to the next.
class Compressor {
  public:
    Compressor();
    ~Compressor();
    Compressor(const Compressor&) = delete;
    Compressor& operator=(const Compressor&) = delete;

    /// Bytes written to `into`; nothing where they would not fit.
    std::optional<std::size_t> compress(std::span<const std::byte> data, std::span<std::byte> into,
                                        int level);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

/// Unpacks the payloads of frames that may hold anything.
class Decompressor {
  public:
    Decompressor();
    ~Decompressor();
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;

    /// Bytes written to `into`, at most wire::max_data. Throws Failure (protocol) where `payload`
    /// is not exactly one zstd frame, does not say how large its content is, or says more than
    /// there is room for: nothing is unpacked then.
    std::size_t decompress(std::span<const std::byte> payload, std::span<std::byte> into);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace snapferry::wire
