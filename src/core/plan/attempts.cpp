#include "snapferry/core/plan/attempts.h"

#include <algorithm>

namespace snapferry {

using Kind = FailedPart::Kind;

void Attempts::failed(const Attempt& attempt, ExitCode code, const std::string& words) {
    if (attempt.resumed) {
        blame({Kind::checkpoint, attempt.snapshot, attempt.name, code, words});
        return;
    }
    if (attempt.parent) {
        blame({Kind::parent, *attempt.parent, attempt.name, code, words});
    }
    blame_snapshot(attempt, code, words);
}

/// With a parent, it may be the parent's fault; where it fails with the same words without that
/// parent, it is not.
void Attempts::blame_snapshot(const Attempt& attempt, ExitCode code, const std::string& words) {
    const auto* before = find(Kind::snapshot, attempt.snapshot);
    const bool same = before != nullptr && before->code == code && before->words == words;
    const bool same_way = before != nullptr && before->with == attempt.parent;
    FailedPart part{Kind::snapshot, attempt.snapshot, attempt.name, code, words, 1, attempt.parent};
    if (same && !same_way) {
        part.times = most_failures;
    } else if (!attempt.parent && before != nullptr && !before->with && before->code == code) {
        part.times = before->times + 1;
    }
    const bool is_bad = part.times >= most_failures;
    remember(std::move(part));
    if (is_bad) {
        std::erase_if(parts_, [&](const FailedPart& one) {
            return one.kind == Kind::parent && one.code == code && one.words == words;
        });
    }
}

void Attempts::blame(FailedPart part) {
    const auto* before = find(part.kind, part.uuid);
    if (before != nullptr && before->code == part.code) {
        part.times = before->times + 1;
    }
    remember(std::move(part));
}

void Attempts::remember(FailedPart part) {
    forgive(part.kind, part.uuid);
    if (parts_.size() >= most_failed_parts) {
        parts_.erase(parts_.begin());
    }
    parts_.push_back(std::move(part));
}

void Attempts::succeeded(const Attempt& attempt) {
    forgive(Kind::checkpoint, attempt.snapshot);
    forgive(Kind::snapshot, attempt.snapshot);
    if (attempt.parent) {
        forgive(Kind::parent, *attempt.parent);
    }
}

void Attempts::begun_afresh(const Uuid& snapshot) {
    forgive(Kind::checkpoint, snapshot);
}

void Attempts::keep_only(const std::set<Uuid>& here) {
    std::erase_if(parts_, [&](const FailedPart& part) { return !here.contains(part.uuid); });
}

bool Attempts::is_spent(Kind kind, const Uuid& uuid) const {
    const auto* part = find(kind, uuid);
    return part != nullptr && part->times >= most_failures;
}

std::vector<FailedPart> Attempts::bad_snapshots() const {
    std::vector<FailedPart> bad;
    std::copy_if(parts_.begin(), parts_.end(), std::back_inserter(bad), [](const FailedPart& part) {
        return part.kind == Kind::snapshot && part.times >= most_failures;
    });
    return bad;
}

const FailedPart* Attempts::find(Kind kind, const Uuid& uuid) const {
    const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const FailedPart& part) {
        return part.kind == kind && part.uuid == uuid;
    });
    return found == parts_.end() ? nullptr : &*found;
}

void Attempts::forgive(Kind kind, const Uuid& uuid) {
    std::erase_if(parts_,
                  [&](const FailedPart& part) { return part.kind == kind && part.uuid == uuid; });
}

}  // namespace snapferry
