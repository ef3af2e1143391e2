#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/report/log.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// The snapshots of a job that are here now, and the pins, each with the uuid that it goes by at
/// the receiver.
class LocalView {
  public:
    LocalView(const Job& job, const Pins& pins, Log& log) : job_(job), pins_(pins), log_(log) {}

    /// Looks anew, when the last change of each snapshot is known. Throws Failure (bad_tag) where
    /// no snapshot carries the job's tag.
    void look();

    /// Decides what each goes by, and says once what is unusual about it.
    void identify(const std::vector<SentSnapshot>& sent, const std::vector<RemoteSnapshot>& remote);

    /// A pin that was made since the last look.
    void add(const LocalSnapshot& pin) { local_.push_back(pin); }

    [[nodiscard]] const std::vector<LocalSnapshot>& all() const { return local_; }
    [[nodiscard]] const LocalSnapshot& newest() const { return newest_.value(); }

    /// What the snapshots go by, pins not counted.
    [[nodiscard]] std::set<Uuid> uuids() const;

  private:
    void settle() const;
    void take_times_of_originals();

    const Job& job_;
    const Pins& pins_;
    Log& log_;
    std::vector<LocalSnapshot> local_;
    std::optional<LocalSnapshot> newest_;
    std::set<std::string> told_;
};

}  // namespace snapferry::send
