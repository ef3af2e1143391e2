#include "snapferry/core/age/arrivals.h"

#include <algorithm>

#include "snapferry/core/time/name_time.h"

namespace snapferry {
namespace {

bool is_numbered(const Arrival& arrival) {
    return std::all_of(arrival.periods.begin(), arrival.periods.end(),
                       [](std::uint32_t id) { return id > 0; });
}

Arrivals with_known_times(std::span<const Backup> backups, const Arrivals& noted, CountedTime now) {
    Arrivals arrivals;
    auto latest = now;
    for (const auto& backup : backups) {
        const auto found = noted.find(backup.copy);
        auto arrival = found == noted.end() ? Arrival{} : found->second;
        latest = found == noted.end() ? latest : std::min(latest, arrival.counted);
        arrival.counted = latest;
        arrivals.emplace(backup.copy, arrival);
    }
    return arrivals;
}

PeriodBook numbered_so_far(const ArrivalBook& noted) {
    PeriodBook book;
    const auto note = [&](const Arrival& arrival) {
        if (is_numbered(arrival)) {
            book.note(arrival.when, arrival.counted, arrival.periods);
        }
    };
    std::for_each(noted.gone.begin(), noted.gone.end(), note);
    for (const auto& [copy, arrival] : noted.present) {
        note(arrival);
    }
    return book;
}

/// When the backup belongs to have arrived, of whose arrival nothing was written down.
std::chrono::sys_seconds likely_arrival(const Backup& backup, std::chrono::sys_seconds before) {
    const auto taken = time_in_name(backup.name.text());
    return taken && *taken >= before && *taken <= backup.arrived ? *taken : backup.arrived;
}

/// Numbers the periods of those that have no numbers, the oldest first.
void number_the_rest(std::span<const Backup> backups, const ArrivalBook& noted,
                     const OffsetAt& offset_at, Arrivals& arrivals) {
    auto book = numbered_so_far(noted);
    std::chrono::sys_seconds before{};
    for (auto backup = backups.rbegin(); backup != backups.rend(); ++backup) {
        auto& arrival = arrivals.at(backup->copy);
        if (!is_numbered(arrival)) {
            if (arrival.when == LocalMoment{}) {
                const auto at = likely_arrival(*backup, before);
                arrival.when = {at, offset_at(at)};
            }
            arrival.periods = book.enter(arrival.when, arrival.counted);
        }
        before = arrival.when.at;
    }
}

std::vector<Arrival> gone_by_now(const ArrivalBook& noted, const Arrivals& present) {
    auto gone = noted.gone;
    for (const auto& [copy, arrival] : noted.present) {
        if (!present.contains(copy)) {
            gone.push_back(arrival);
        }
    }
    std::stable_sort(gone.begin(), gone.end(),
                     [](const Arrival& a, const Arrival& b) { return a.counted < b.counted; });
    if (gone.size() > most_gone) {
        gone.erase(gone.begin(), gone.end() - static_cast<std::ptrdiff_t>(most_gone));
    }
    return gone;
}

}  // namespace

ArrivalBook settle(std::span<const Backup> backups, const ArrivalBook& noted, CountedTime now,
                   const OffsetAt& offset_at) {
    ArrivalBook book{with_known_times(backups, noted.present, now)};
    number_the_rest(backups, noted, offset_at, book.present);
    book.gone = gone_by_now(noted, book.present);
    return book;
}

}  // namespace snapferry
