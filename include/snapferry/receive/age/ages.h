#pragma once

#include <optional>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/age/clock_record.h"
#include "snapferry/core/log/log.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/target.h"

namespace snapferry::receive {

/// How old the backups of a tag are in counted time, which no wall clock moves. The user holds the
/// tag's lock.
class Ages {
  public:
    /// Counts the time since the last run on. Says in the log where the wall clock has jumped, or
    /// what was written down is lost. Where nothing can be written down (the disk is full), this
    /// run goes by what it read. Throws nothing of the disk's.
    Ages(const Target& target, Log& log);

    /// Fills in when each backup arrived, and notes it durably where that is news. `arrived`: what
    /// came in this run, and what is known of it but for the time that was counted.
    void settle(Inventory& inventory, const Arrivals& arrived = {});

    /// All that is noted, as of the last settle().
    [[nodiscard]] const ArrivalBook& book() const { return book_; }

    /// The present, as of the last call.
    [[nodiscard]] CountedTime now() const { return record_.counted; }

  private:
    void count();
    void write_clock_down(const std::optional<ClockRecord>& before);

    const Target& target_;
    Log& log_;
    ClockRecord record_;
    ArrivalBook book_;
};

/// This moment, by this machine's clock and zone.
LocalMoment this_moment();

struct KnownAges {
    CountedTime now;
    ArrivalBook book;
};

/// For who only looks: fills in the arrivals as they are noted, and writes nothing. Nothing where
/// no time was counted yet.
std::optional<KnownAges> read_ages(const Target& target, Inventory& inventory);

}  // namespace snapferry::receive
