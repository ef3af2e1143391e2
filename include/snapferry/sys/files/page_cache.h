#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snapferry::sys {

/// For who reads a large file from end to end: what was in memory of it before stays there, and
/// what was not is let go again, so that the reading pushes nothing out that others use.
class PageCacheAsItWas {
  public:
    /// `size`: bytes, of the file. Which of its pages are in memory is looked up some way ahead of
    /// what is read. Where that cannot be told, all count as being there.
    PageCacheAsItWas(int file, std::uint64_t size);

    /// What is read next is at `offset`, from which on nothing was read; where that is farther than
    /// where is_read_until() has come to, what lies between is not read: a hole.
    void comes_to(std::uint64_t offset);

    /// Lets go of all of it, so that what is read next comes from the disk: of a write that the
    /// disk has lost, memory may still hold what was to be written. What was there comes back by
    /// reading.
    void forget();

    /// The bytes before `offset` will not be read again.
    void is_read_until(std::uint64_t offset);

  private:
    struct Range {
        std::uint64_t begin;
        std::uint64_t end;
    };

    void look_until(std::uint64_t end);
    void look(std::uint64_t begin, std::size_t size);

    int file_;
    std::uint64_t size_;
    std::uint64_t looked_ = 0;   ///< the offset before which it is known what was there
    std::vector<Range> absent_;  ///< in order
    std::size_t next_ = 0;       ///< the first that was not let go yet
};

}  // namespace snapferry::sys
