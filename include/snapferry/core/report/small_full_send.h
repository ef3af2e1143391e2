#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/report/run_report.h"

namespace snapferry {

/// A full send of next to nothing where there was much: a disk that was not mounted when the
/// snapshot was taken, or a machine that was set up anew without its data.
struct SmallFullSend {
    std::string snapshot;
    std::uint64_t bytes = 0;   ///< of its stream
    std::uint64_t before = 0;  ///< bytes of the largest full send before it

    friend bool operator==(const SmallFullSend&, const SmallFullSend&) = default;
};

/// The last full send of a job, where it is such a one. It is not any more once it was sent in full
/// once more (a person has forced it, and so has looked), or half of what was there has been sent
/// since. `runs`: of one job, the newest first.
std::optional<SmallFullSend> small_full_send(std::span<const RunReport> runs);

/// What a person is told of it, and what to do. Names escaped.
std::string text_of(const SmallFullSend& send);

}  // namespace snapferry
