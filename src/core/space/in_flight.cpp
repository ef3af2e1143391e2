#include "snapferry/core/space/in_flight.h"

namespace snapferry {

void InFlight::add(std::uint64_t offset, std::uint64_t size) {
    demands_.push_back({offset, size});
    sum_ += size;
}

std::uint64_t InFlight::size(std::uint64_t offset) {
    while (!demands_.empty() && demands_.front().offset + reach < offset) {
        sum_ -= demands_.front().size;
        demands_.pop_front();
    }
    return sum_;
}

}  // namespace snapferry
