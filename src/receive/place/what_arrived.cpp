#include "snapferry/receive/place/what_arrived.h"

#include <algorithm>

#include "snapferry/receive/age/ages.h"

namespace snapferry::receive {

std::optional<std::uint64_t> files_of(const Uuid& copy, const ArrivalBook& book,
                                      const std::vector<StandIn>& derived) {
    if (const auto found = book.present.find(copy); found != book.present.end()) {
        return found->second.files;
    }
    const auto other = std::find_if(derived.begin(), derived.end(),
                                    [&](const StandIn& one) { return one.backup.copy == copy; });
    return other == derived.end() ? std::nullopt : other->files;
}

Arrival arrival_of(const Received& received, CountedTime now,
                   std::optional<std::uint64_t> files_before) {
    Arrival arrival{now, this_moment(), {}, received.bytes};
    arrival.full = !received.identity.parent_uuid;
    arrival.changes = received.changes;
    const auto base = arrival.full ? std::optional<std::uint64_t>(0) : files_before;
    if (base && arrival.changes) {
        const auto files = static_cast<std::int64_t>(*base) + arrival.changes->names;
        arrival.files = static_cast<std::uint64_t>(std::max<std::int64_t>(files, 0));
    }
    return arrival;
}

}  // namespace snapferry::receive
