#include "snapferry/sys/files/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace snapferry::sys {
namespace {

/// bytes; looked at in one call, and so far ahead of what is read: much farther than the kernel
/// reads ahead by itself. A sparse file may be a thousand times larger than what is read of it.
constexpr std::size_t window = std::size_t{64} << 20;

/// Of a file in more pieces than that, the rest is left in memory.
constexpr std::size_t most_ranges = 4096;

/// A part of a file in this program's addresses, only to ask about: nothing of it is read.
class Mapping {
  public:
    Mapping(int file, std::uint64_t begin, std::size_t size)
        : size_(size),
          address_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, static_cast<off_t>(begin))) {}
    ~Mapping() {
        if (address_ != MAP_FAILED) {
            ::munmap(address_, size_);
        }
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    /// False where it cannot be told.
    [[nodiscard]] bool tell(std::vector<unsigned char>& in_memory) const {
        return address_ != MAP_FAILED && ::mincore(address_, size_, in_memory.data()) == 0;
    }

  private:
    std::size_t size_;
    void* address_;
};

std::size_t page_size() {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

}  // namespace

PageCacheAsItWas::PageCacheAsItWas(int file, std::uint64_t size) : file_(file), size_(size) {
    look_until(window);
}

void PageCacheAsItWas::look_until(std::uint64_t end) {
    for (; looked_ < std::min(end, size_); looked_ += window) {
        look(looked_, static_cast<std::size_t>(std::min<std::uint64_t>(window, size_ - looked_)));
    }
}

void PageCacheAsItWas::comes_to(std::uint64_t offset) {
    if (offset > looked_) {
        looked_ = offset / page_size() * page_size();
    }
    look_until(offset + window);
}

void PageCacheAsItWas::look(std::uint64_t begin, std::size_t size) {
    if (next_ == absent_.size()) {
        absent_.clear();
        next_ = 0;
    }
    std::vector<unsigned char> in_memory((size + page_size() - 1) / page_size());
    if (!Mapping(file_, begin, size).tell(in_memory)) {
        return;
    }
    for (std::size_t page = 0; page < in_memory.size(); ++page) {
        if ((in_memory[page] & 1U) != 0) {
            continue;
        }
        const auto at = begin + std::uint64_t{page} * page_size();
        if (next_ < absent_.size() && absent_.back().end == at) {
            absent_.back().end += page_size();
        } else if (absent_.size() < most_ranges) {
            absent_.push_back({at, at + page_size()});
        }
    }
}

void PageCacheAsItWas::forget() {
    look_until(size_);
    (void)::posix_fadvise(file_, 0, 0, POSIX_FADV_DONTNEED);
}

void PageCacheAsItWas::is_read_until(std::uint64_t offset) {
    while (next_ < absent_.size() && absent_[next_].begin < offset) {
        auto& range = absent_[next_];
        const auto end =
            std::min(range.end, (offset + page_size() - 1) / page_size() * page_size());
        (void)::posix_fadvise(file_, static_cast<off_t>(range.begin),
                              static_cast<off_t>(end - range.begin), POSIX_FADV_DONTNEED);
        range.begin = end;
        if (end < range.end) {
            break;
        }
        ++next_;
    }
    comes_to(offset);
}

}  // namespace snapferry::sys
