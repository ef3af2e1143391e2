#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace snapferry::ssh {

/// Bytes that came before they were asked for, first in, first out.
class ByteQueue {
  public:
    [[nodiscard]] std::size_t size() const { return bytes_.size() - taken_; }

    void append(std::span<const std::byte> more) {
        if (taken_ > size()) {
            bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
            taken_ = 0;
        }
        bytes_.insert(bytes_.end(), more.begin(), more.end());
    }

    /// Moves as many as there are, at most into.size(), and returns their number.
    std::size_t take(std::span<std::byte> into) {
        const std::size_t count = std::min(into.size(), size());
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(taken_), count, into.begin());
        taken_ += count;
        if (size() == 0) {
            bytes_.clear();
            taken_ = 0;
        }
        return count;
    }

  private:
    std::vector<std::byte> bytes_;
    std::size_t taken_ = 0;  ///< from the front of bytes_
};

}  // namespace snapferry::ssh
