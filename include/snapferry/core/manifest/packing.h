#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

/// A manifest as it is kept and as it travels: one zstd frame (RFC 8878), whatever its length.
namespace snapferry::manifest {

/// The most that a manifest may be unpacked; 60 million entries of common length.
inline constexpr std::uint64_t most_unpacked = std::uint64_t{16} << 30;  // bytes

/// The most that it may be packed: half of it is digests, which do not shrink.
inline constexpr std::uint64_t most_packed = most_unpacked / 4;  // bytes

/// Given pieces of what comes out; none of them is kept.
using TakeBytes = std::function<void(std::span<const std::byte> bytes)>;

class Packer {
  public:
    explicit Packer(TakeBytes take);
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    void push(std::span<const std::byte> bytes);

    /// The end of the frame.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Unpacks what somebody else packed. Memory is bounded: a frame that wants a window of more than 8
/// MiB is refused.
class Unpacker {
  public:
    explicit Unpacker(TakeBytes take);
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;

    /// Throws Malformed where it is not exactly one frame of zstd, or too large; or what `take`
    /// throws.
    void push(std::span<const std::byte> bytes);

    /// After the last piece. Throws Malformed where the frame is not whole.
    void finish() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace snapferry::manifest
