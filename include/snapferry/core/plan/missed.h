#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/plan/newest.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/plan/send_scope.h"

/// Which snapshots go, where a receiver may have missed some.
namespace snapferry {

struct SnapshotsToSend {
    std::vector<LocalSnapshot>
        all{};                 ///< the one to send first comes first; the newest is the last
    std::size_t left_out = 0;  ///< older ones, beyond as many as are wanted

    std::optional<LocalSnapshot> last{};  ///< the newest there

    /// The newest there, where its snapshot is gone here: what was made after it, and is gone too,
    /// is in no backup.
    std::optional<LocalSnapshot> gone{};
};

/// The newest here; and where all are wanted, those before it that come after the last that is
/// there, in the order of snapshots (see comes_before). What is there already, has arrived in this
/// run or cannot be sent is not among them; neither is what is yet to come, nor a pin. Whether the
/// newest is to be sent is for its own plan to say. A forced send is of the newest alone.
SnapshotsToSend plan_series(const LocalSnapshot& newest, const SendScope& scope,
                            const SendSituation& situation, const std::set<Uuid>& arrived);

/// What has been begun is finished first, and what comes before that would then arrive as newer:
/// takes it out, all but the newest. Returns how many that were.
std::size_t leave_out_before(SnapshotsToSend& series, const LocalSnapshot& begun);

/// What carries the tag, belongs between the newest there and the newest here by the time in its
/// name, and cannot be sent: once a newer one has arrived, it does not go.
std::vector<UnfitSnapshot> unfit_among(const SnapshotsToSend& series,
                                       std::span<const UnfitSnapshot> unfit,
                                       std::string_view source_tag);

}  // namespace snapferry
