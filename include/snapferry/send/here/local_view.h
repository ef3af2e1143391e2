#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {

/// The snapshots of a job that are here now, and the pins, each with the uuid that it goes by at
/// the receiver. Snapshots that do not carry the job's tag are not among them: whatever a receiver
/// asks for, they are not sent to it, and nothing builds on them.
class LocalView {
  public:
    LocalView(const Job& job, const Pins& pins, Log& log) : job_(job), pins_(pins), log_(log) {}

    /// Looks anew, when the last change of each snapshot is known, and warns of what is newer than
    /// the newest that can be sent. Throws Failure (bad_tag) where none can be that carries the
    /// job's tag.
    void look();

    /// What carries the tag, is newer than the newest here and cannot be sent.
    [[nodiscard]] const std::vector<PassedOver>& passed_over() const { return passed_over_; }

    /// What cannot be sent, of whatever tag.
    [[nodiscard]] const std::vector<UnfitSnapshot>& unfit() const { return unfit_; }

    /// Decides what each goes by, and says once what is unusual about it.
    void identify(const std::vector<SentSnapshot>& sent, const std::vector<RemoteSnapshot>& remote);

    /// A pin that was made since the last look.
    void add(const LocalSnapshot& pin) { of_job_.push_back(pin); }

    [[nodiscard]] const std::vector<LocalSnapshot>& all() const { return of_job_; }
    [[nodiscard]] const LocalSnapshot& newest() const { return newest_.value(); }

    /// Whether snapshots of the subvolume that the newest was taken from also carry this tag.
    [[nodiscard]] bool is_also_tagged(std::string_view source_tag) const;

    /// What the snapshots go by, pins not counted.
    [[nodiscard]] std::set<Uuid> uuids() const;

  private:
    void settle() const;
    void take_times_of_originals();
    void take_those_of_the_job();
    void choose(const SnapshotListing& listing);
    void warn_once(const std::string& line);

    const Job& job_;
    const Pins& pins_;
    Log& log_;
    std::vector<LocalSnapshot> local_;   ///< of whatever tag: identify() needs them all
    std::vector<LocalSnapshot> of_job_;  ///< see all()
    std::optional<LocalSnapshot> newest_;
    std::vector<PassedOver> passed_over_;
    std::vector<UnfitSnapshot> unfit_;
    std::set<std::string> told_;
};

}  // namespace snapferry::send
