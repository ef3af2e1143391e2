#include "snapferry/core/plan/missed.h"

#include <algorithm>
#include <iterator>

#include "snapferry/core/plan/newest.h"

namespace snapferry {
namespace {

/// Of what is there, and of what has arrived by this run, whatever a receiver says.
std::optional<LocalSnapshot> last_there(const SendSituation& situation,
                                        const std::set<Uuid>& arrived, bool clock_is_wrong) {
    std::optional<LocalSnapshot> last;
    const auto look_at = [&](const LocalSnapshot& one) {
        const bool counts = clock_is_wrong || !is_yet_to_come(one.named, situation.now);
        if (counts && (!last || comes_before(*last, one))) {
            last = one;
        }
    };
    for (const auto& one : situation.known_there) {
        look_at(one);
    }
    for (const auto& one : situation.local) {
        if (arrived.contains(one.uuid)) {
            look_at(one);
        }
    }
    return last;
}

bool cannot_be_sent(const LocalSnapshot& one, const Attempts& attempts) {
    return attempts.is_spent(FailedPart::Kind::snapshot, one.uuid);
}

bool is_there(const LocalSnapshot& one, const SendSituation& situation) {
    return copy_at_receiver(one.uuid, situation.sent, situation.remote).is_good();
}

bool is_here(const LocalSnapshot& wanted, std::span<const LocalSnapshot> local) {
    return std::any_of(local.begin(), local.end(), [&](const LocalSnapshot& one) {
        return !one.pinned && one.name == wanted.name;
    });
}

}  // namespace

SnapshotsToSend plan_series(const LocalSnapshot& newest, const SendScope& scope,
                            const SendSituation& situation, const std::set<Uuid>& arrived) {
    if (!scope.all || situation.force) {
        SnapshotsToSend one;
        one.all.push_back(newest);
        return one;
    }
    SnapshotsToSend series;
    const bool clock_is_wrong = is_yet_to_come(newest.named, situation.now);
    const auto last = last_there(situation, arrived, clock_is_wrong);
    for (const auto& one : situation.local) {
        if (!one.pinned && comes_before(one, newest) && (!last || comes_before(*last, one)) &&
            (clock_is_wrong || !is_yet_to_come(one.named, situation.now)) &&
            !arrived.contains(one.uuid) && !is_there(one, situation) &&
            !cannot_be_sent(one, situation.attempts)) {
            series.all.push_back(one);
        }
    }
    std::sort(series.all.begin(), series.all.end(), comes_before);
    series.all.push_back(newest);
    if (scope.most && series.all.size() > *scope.most) {
        series.left_out = series.all.size() - *scope.most;
        series.all.erase(series.all.begin(),
                         series.all.begin() + static_cast<std::ptrdiff_t>(series.left_out));
    }
    if (last && !is_here(*last, situation.local) && comes_before(*last, series.all.front())) {
        series.gone = last;
    }
    series.last = last;
    return series;
}

std::size_t leave_out_before(SnapshotsToSend& series, const LocalSnapshot& begun) {
    auto& all = series.all;
    const auto first_to_stay =
        std::find_if(all.begin(), std::prev(all.end()),
                     [&](const LocalSnapshot& one) { return !comes_before(one, begun); });
    const auto count = static_cast<std::size_t>(std::distance(all.begin(), first_to_stay));
    all.erase(all.begin(), first_to_stay);
    return count;
}

std::vector<UnfitSnapshot> unfit_among(const SnapshotsToSend& series,
                                       std::span<const UnfitSnapshot> unfit,
                                       std::string_view source_tag) {
    const auto is_among = [&](const UnfitSnapshot& one) {
        return one.named && carries_tag(one.name, source_tag) &&
               (!series.last || series.last->named < one.named) &&
               one.named < series.all.back().named;
    };
    std::vector<UnfitSnapshot> among;
    std::copy_if(unfit.begin(), unfit.end(), std::back_inserter(among), is_among);
    return among;
}

}  // namespace snapferry
