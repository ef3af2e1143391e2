#include "snapferry/receive/age/ages.h"

#include <algorithm>
#include <functional>

#include "snapferry/core/text/escape.h"
#include "snapferry/receive/age/notes.h"
#include "snapferry/sys/files/file_lock.h"
#include "snapferry/sys/machine/clock_reading.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::receive {
namespace {

/// Time between two writes of the record within a boot: less is not lost, only counted later.
constexpr std::chrono::minutes write_distance{1};

/// How long another tag's run may write the record.
constexpr std::chrono::seconds patience{10};

bool is_news(const std::optional<ClockRecord>& before, const ClockRecord& now) {
    return !before || before->last.boot != now.last.boot ||
           now.counted - before->counted >= write_distance ||
           now.jump.has_value() != before->jump.has_value() ||
           (now.jump && now.jump->seen != before->jump->seen);
}

void fill_in(Inventory& inventory, const Arrivals& arrivals) {
    for (auto& backup : inventory.backups) {
        const auto& arrival = arrivals.at(backup.copy);
        backup.counted_arrival = arrival.counted;
        backup.periods = arrival.periods;
        if (arrival.origin) {
            backup.arrival = arrival.origin->order;
        }
    }
    std::stable_sort(inventory.backups.begin(), inventory.backups.end(),
                     [](const Backup& a, const Backup& b) { return a.arrival > b.arrival; });
}

std::chrono::seconds offset_at(std::chrono::sys_seconds moment) {
    return sys::local_offset(moment);
}

}  // namespace

Ages::Ages(const Target& target, Log& log) : target_(target), log_(log) {
    count();
}

/// All tags of a disk share the record, so that one that is rarely sent ages with the others.
void Ages::count() {
    std::string why;
    std::optional<sys::FileLock> lock;
    try {
        lock = sys::FileLock::acquire(target_.clock_lock, patience);
    } catch (const std::exception& error) {
        log_.debug("the record of time cannot be locked: {}", escape_text(error.what()));
    }
    const auto before = read_clock(target_.clock, why);
    if (!why.empty()) {
        log_.warning("the record of time is lost ({}): the ages of all backups begin anew",
                     escape_text(why));
    }
    record_ = count_on(before, sys::read_clocks());
    if (record_.jump && (!before || !before->jump || before->jump->seen != record_.jump->seen)) {
        log_.warning("{}", jump_text(*record_.jump));
    }
    if (lock && is_news(before, record_)) {
        write_clock_down(before);
    }
}

void Ages::write_clock_down(const std::optional<ClockRecord>& before) {
    try {
        write_clock(target_.clock, record_);
    } catch (const std::exception& error) {
        log_.info("the time since {} could not be written down: {}",
                  before ? "the last run" : "now", escape_text(error.what()));
    }
}

void Ages::settle(Inventory& inventory, const Arrivals& arrived) {
    count();
    std::string why;
    const auto written = read_arrivals(target_.arrivals, why);
    if (!why.empty()) {
        log_.warning("when the backups arrived is no longer known ({}): they count as new",
                     escape_text(why));
    }
    auto noted = written;
    for (auto [copy, arrival] : arrived) {
        if (arrival.counted == CountedTime{}) {
            arrival.counted = record_.counted;
        }
        noted.present.insert_or_assign(copy, arrival);
    }
    book_ = snapferry::settle(inventory.backups, noted, record_.counted, offset_at);
    fill_in(inventory, book_.present);
    if (book_ == written) {
        return;
    }
    try {
        write_arrivals(target_.arrivals, book_);
    } catch (const std::exception& error) {
        log_.info("when the backups arrived could not be written down: {}",
                  escape_text(error.what()));
    }
}

LocalMoment this_moment() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return {now, offset_at(now)};
}

std::optional<KnownAges> read_ages(const Target& target, Inventory& inventory) {
    std::string why;
    const auto record = read_clock(target.clock, why);
    if (!record) {
        return std::nullopt;
    }
    const auto now = count_on(record, sys::read_clocks()).counted;
    auto book = settle(inventory.backups, read_arrivals(target.arrivals, why), now, offset_at);
    fill_in(inventory, book.present);
    return KnownAges{now, std::move(book)};
}

}  // namespace snapferry::receive
