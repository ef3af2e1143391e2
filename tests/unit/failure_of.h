#pragma once

#include <stdexcept>

#include "snapferry/core/failure.h"

namespace snapferry::testing {

/// The failure that `work` throws.
template <typename Work>
Failure failure_of(Work&& work) {
    try {
        work();
    } catch (const Failure& failure) {
        return failure;
    }
    throw std::logic_error("nothing was thrown");
}

}  // namespace snapferry::testing
