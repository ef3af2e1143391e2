#include "snapferry/core/proof/sample.h"

#include <algorithm>

namespace snapferry::proof {

void Sample::offer(const manifest::Entry& entry) {
    if (entry.kind != manifest::Kind::file || entry.size.value_or(0) > bytes_ || files_ == 0) {
        return;
    }
    ++offered_;
    if (drawn_.size() < files_) {
        drawn_.push_back(entry);
    } else if (const auto place = random_(offered_); place < files_) {
        drawn_[static_cast<std::size_t>(place)] = entry;
    }
}

/// Shuffled first: which of them are left out, where all together are too large, is random, too.
std::vector<manifest::Entry> Sample::drawn() const {
    auto chosen = drawn_;
    for (std::size_t left = chosen.size(); left > 1; --left) {
        std::swap(chosen[left - 1], chosen[static_cast<std::size_t>(random_(left))]);
    }
    std::uint64_t bytes = 0;
    std::erase_if(chosen, [&](const manifest::Entry& entry) {
        const auto size = entry.size.value_or(0);
        const bool fits = size <= bytes_ - bytes;
        bytes += fits ? size : 0;
        return !fits;
    });
    std::ranges::sort(chosen, [](const auto& one, const auto& other) {
        return manifest::stands_before(one.path, other.path);
    });
    return chosen;
}

}  // namespace snapferry::proof
