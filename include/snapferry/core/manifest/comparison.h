#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "snapferry/core/manifest/difference.h"
#include "snapferry/core/manifest/entry.h"

namespace snapferry::manifest {

/// The entries of a tree one after the other, in the order of stands_before(); nothing at the end.
using Next = std::function<std::optional<Entry>()>;

/// Compares what should be with what is there, entry by entry, and tells each difference as it is
/// found. The time of the top directory is not compared: `btrfs receive` itself moves it.
class Comparison {
  public:
    using Tell = std::function<void(const Difference& difference)>;
    explicit Comparison(Tell tell) : tell_(std::move(tell)) {}

    /// Goes through both to their ends. Throws what they throw.
    void run(const Next& expected, const Next& found);

    [[nodiscard]] std::uint64_t compared() const { return compared_; }
    [[nodiscard]] std::uint64_t differences() const { return differences_; }

  private:
    void tell(const Difference& difference);
    void compare(const Entry& expected, const Entry& found);
    [[nodiscard]] bool is_same_group(std::uint64_t expected, std::uint64_t found);

    Tell tell_;
    std::uint64_t compared_ = 0;
    std::uint64_t differences_ = 0;
    /// Which group of one is which of the other: their numbers differ where one has more groups.
    std::map<std::uint64_t, std::uint64_t> found_of_;
    std::map<std::uint64_t, std::uint64_t> expected_of_;
};

}  // namespace snapferry::manifest
