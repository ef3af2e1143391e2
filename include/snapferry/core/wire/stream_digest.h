#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace snapferry::wire {

/// The checksum of a stream's bytes on their way: XXH3-128, as 32 hexadecimal digits. It finds
/// damage, not forgery: SSH authenticates the bytes.
class StreamDigest {
  public:
    StreamDigest();
    ~StreamDigest();
    StreamDigest(StreamDigest&&) noexcept;
    StreamDigest& operator=(StreamDigest&&) noexcept;
    StreamDigest(const StreamDigest&) = delete;
    StreamDigest& operator=(const StreamDigest&) = delete;

    void update(std::span<const std::byte> bytes);

    /// The digest of everything so far; more may follow.
    [[nodiscard]] std::string text() const;

    /// As new.
    void reset();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace snapferry::wire
