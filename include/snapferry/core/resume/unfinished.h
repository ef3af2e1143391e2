#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>

#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/plan/send_plan.h"
#include "snapferry/core/stream/form.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/core/wire/share_trust.h"

namespace snapferry {

/// What the receiver has of an interrupted send is gone on with, from what is here.
struct GoOn {
    LocalSnapshot snapshot;
    std::optional<LocalSnapshot> parent{};
};

/// It is not; the receiver drops it when what replaces it is there.
struct GiveUp {
    std::string reason;
    bool is_suspicious = false;  ///< it may be somebody else's: a person should hear of it
};
using UnfinishedPlan = std::variant<GoOn, GiveUp>;

/// What is known when that is to be decided, beside what the plan of a send is made from.
struct UnfinishedSituation {
    const SendSituation& send;
    wire::ShareTrust trust = wire::ShareTrust::nothing;  ///< in what the receiver has of it
    std::optional<Uuid> begun_here{};  ///< the snapshot that this very run has begun to send
    std::optional<stream::Form> demanded{};
    stream::Form newest_form = stream::Form::v1;  ///< that this side's kernel makes
    std::optional<Uuid> newest{};                 ///< the snapshot that a forced send is of
    bool incremental_only = false;                ///< nothing may go in full
    std::set<Uuid> arrived{};                     ///< the snapshots that this very run has sent
};

/// Goes on where all of it is still here, is what was begun with, and nothing speaks against it: it
/// has not failed twice, and nobody forces or demands anything else. A forced send goes on with
/// what it would send itself: the newest, in full.
UnfinishedPlan plan_unfinished(const wire::Unfinished& unfinished,
                               const UnfinishedSituation& situation);

}  // namespace snapferry
