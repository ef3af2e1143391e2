#pragma once

#include <cstdint>
#include <deque>

namespace snapferry {

/// Disk space that commands of a stream demand which were handed on, but perhaps not carried out
/// yet. bytes.
class InFlight {
  public:
    /// What lies between the one who hands on and the one who carries out, at most.
    static constexpr std::uint64_t reach = std::uint64_t{4} * 1024 * 1024;

    /// The command that ends at `offset` of the stream demands so much.
    void add(std::uint64_t offset, std::uint64_t size);

    /// All that may still be demanded, where the stream was handed on up to `offset`.
    std::uint64_t size(std::uint64_t offset);

  private:
    struct Demand {
        std::uint64_t offset;
        std::uint64_t size;
    };
    std::deque<Demand> demands_;
    std::uint64_t sum_ = 0;
};

}  // namespace snapferry
