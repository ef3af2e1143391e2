#include "snapferry/send/memory/disk_memory.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace snapferry::send {
namespace {

using Remote = std::vector<RemoteSnapshot>;

bool is_there(const std::optional<Uuid>& copy, const Remote& remote) {
    return copy && std::any_of(remote.begin(), remote.end(),
                               [&](const RemoteSnapshot& one) { return one.copy == copy; });
}

bool knows_copies(const DiskMemory& memory) {
    return (memory.last && memory.last->copy) ||
           std::any_of(memory.sent.begin(), memory.sent.end(),
                       [](const SentSnapshot& one) { return one.copy.has_value(); });
}

/// Nothing speaks against it that what was remembered without a disk is of this one.
bool may_be_of(const DiskMemory& memory, const Remote& remote) {
    return !memory.disk && (!knows_copies(memory) || has_sent_to(memory, remote));
}

/// What of it is on the disk that is in: its filesystem's uuid was changed, say, or two disks were
/// remembered as one.
DiskMemory part_that_is_there(const DiskMemory& memory, const Remote& remote) {
    DiskMemory part;
    std::copy_if(memory.sent.begin(), memory.sent.end(), std::back_inserter(part.sent),
                 [&](const SentSnapshot& one) { return is_there(one.copy, remote); });
    if (memory.last && is_there(memory.last->copy, remote)) {
        part.last = memory.last;
    }
    return part;
}

bool is_away(const std::vector<DiskMemory>& absent, const Uuid& disk) {
    return std::any_of(absent.begin(), absent.end(),
                       [&](const DiskMemory& one) { return one.disk == disk; });
}

bool is_known_by_copies(const std::vector<DiskMemory>& absent, const Remote& remote) {
    return std::any_of(absent.begin(), absent.end(),
                       [&](const DiskMemory& one) { return has_sent_to(one, remote); });
}

bool has_something_whole(const DiskMemory& memory) {
    return memory.last || last_arrived(memory.sent) != nullptr;
}

/// The one that was away for longest, of those that have nothing whole if there are any: whatever a
/// receiver begins and breaks off under uuids that it makes up costs no disk that has backups.
std::vector<DiskMemory>::iterator least_missed(std::vector<DiskMemory>& absent) {
    const auto without = std::find_if(absent.rbegin(), absent.rend(), [](const DiskMemory& one) {
        return !has_something_whole(one);
    });
    return without == absent.rend() ? std::prev(absent.end()) : std::prev(without.base());
}

/// Takes it from those that are away; nothing where it is not among them.
std::optional<DiskMemory> fetch(std::vector<DiskMemory>& absent, const Uuid& disk,
                                const Remote& remote) {
    auto found = std::find_if(absent.begin(), absent.end(),
                              [&](const DiskMemory& one) { return one.disk == disk; });
    if (found == absent.end()) {
        found = std::find_if(absent.begin(), absent.end(), [&](const DiskMemory& one) {
            return !one.disk && has_sent_to(one, remote);
        });
    }
    if (found != absent.end()) {
        auto memory = std::move(*found);
        absent.erase(found);
        return memory;
    }
    const auto other = std::find_if(absent.begin(), absent.end(), [&](const DiskMemory& one) {
        return has_sent_to(one, remote);
    });
    return other == absent.end() ? std::nullopt : std::optional(part_that_is_there(*other, remote));
}

}  // namespace

std::set<Uuid> DiskMemory::needed_pins() const {
    auto needed = pins;
    if (last) {
        needed.insert(last->uuid);
    }
    return needed;
}

void DiskMemory::begins(const BegunStream& stream) {
    std::erase_if(begun, [&](const BegunStream& one) { return one.snapshot == stream.snapshot; });
    begun.insert(begun.begin(), stream);
    if (begun.size() > most_begun_streams) {
        begun.pop_back();
    }
}

bool has_sent_to(const DiskMemory& memory, const Remote& remote) {
    return (memory.last && is_there(memory.last->copy, remote)) ||
           std::any_of(memory.sent.begin(), memory.sent.end(),
                       [&](const SentSnapshot& one) { return is_there(one.copy, remote); });
}

ChangeOfDisks change_disks(DiskMemory& present, std::vector<DiskMemory>& absent, const Uuid& disk,
                           const Remote& remote) {
    if (present.disk == disk) {
        return {};
    }
    ChangeOfDisks change;
    const bool is_blank = present.is_empty() && !is_known_by_copies(absent, remote);
    if (!is_away(absent, disk) && (is_blank || may_be_of(present, remote))) {
        present.disk = disk;
        return change;
    }
    change.is_another = true;
    if (!present.is_empty()) {
        absent.insert(absent.begin(), std::move(present));
    }
    auto fetched = fetch(absent, disk, remote);
    change.is_known = fetched.has_value();
    present = fetched ? std::move(*fetched) : DiskMemory{};
    present.disk = disk;
    present.away = {};
    while (absent.size() > most_absent_disks) {
        const auto needless = least_missed(absent);
        change.let_go.push_back(std::move(*needless));
        absent.erase(needless);
    }
    return change;
}

std::vector<DiskMemory> count_day_away(std::vector<DiskMemory>& absent, std::int64_t day) {
    std::vector<DiskMemory> gone;
    for (auto& one : absent) {
        one.away = after_a_day(one.away, day, most_days_away);
    }
    const auto stays =
        std::stable_partition(absent.begin(), absent.end(),
                              [](const DiskMemory& one) { return one.away.days < most_days_away; });
    std::move(stays, absent.end(), std::back_inserter(gone));
    absent.erase(stays, absent.end());
    return gone;
}

std::vector<SentSnapshot> records_of_all(const DiskMemory& present,
                                         const std::vector<DiskMemory>& absent) {
    std::vector<SentSnapshot> records;
    for (const auto& other : absent) {
        std::copy_if(other.sent.begin(), other.sent.end(), std::back_inserter(records),
                     [&](const SentSnapshot& one) {
                         return find_sent(present.sent, one.uuid) == nullptr &&
                                find_sent(records, one.uuid) == nullptr;
                     });
    }
    records.insert(records.end(), present.sent.begin(), present.sent.end());
    return records;
}

}  // namespace snapferry::send
