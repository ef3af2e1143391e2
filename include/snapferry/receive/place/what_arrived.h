#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/receive/backups/derived.h"
#include "snapferry/receive/stream/reception.h"

/// What is known of a backup by how it arrived.
namespace snapferry::receive {

/// Names of files in a copy; nothing where that was not noted.
std::optional<std::uint64_t> files_of(const Uuid& copy, const ArrivalBook& book,
                                      const std::vector<StandIn>& derived);

/// What is to be noted of one that has come now. `files_before`: in what it builds on.
Arrival arrival_of(const Received& received, CountedTime now,
                   std::optional<std::uint64_t> files_before);

}  // namespace snapferry::receive
