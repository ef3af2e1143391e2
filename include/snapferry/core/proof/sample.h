#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "snapferry/core/manifest/entry.h"

namespace snapferry::proof {

/// A number below the one that is given, each as likely as the others.
using Random = std::function<std::uint64_t(std::uint64_t below)>;

/// Draws some files of a tree that comes entry by entry, each as likely as the others (Vitter,
/// "Random sampling with a reservoir", algorithm R): nobody has to know before how many there are,
/// and memory holds only what is drawn.
class Sample {
  public:
    /// At most so many files, and together at most so many bytes: what is larger is never drawn.
    Sample(std::size_t files, std::uint64_t bytes, Random random)
        : files_(files), bytes_(bytes), random_(std::move(random)) {}

    void offer(const manifest::Entry& entry);

    /// What was drawn, in the order of the tree.
    [[nodiscard]] std::vector<manifest::Entry> drawn() const;

  private:
    std::size_t files_;
    std::uint64_t bytes_;
    Random random_;
    std::uint64_t offered_ = 0;
    std::vector<manifest::Entry> drawn_;
};

}  // namespace snapferry::proof
