#include "snapferry/core/resume/attempts.h"

#include <algorithm>
#include <utility>

namespace snapferry {

using Kind = FailedPart::Kind;

void Attempts::failed(const Attempt& attempt, ExitCode code, const std::string& words) {
    if (attempt.resumed) {
        FailedPart part{Kind::checkpoint, attempt.snapshot, attempt.name, code, words};
        part.begin = attempt.begin;
        blame(std::move(part));
    } else if (attempt.parent) {
        blame({Kind::parent, *attempt.parent, attempt.name, code, words});
    }
    if (!attempt.resumed || code == ExitCode::sending) {
        blame_snapshot(attempt, code, words);
    }
}

/// With a parent, or with what the receiver had, it may be their fault; where it fails in the same
/// way without a parent, it is not. Two parents that fail in the same way may both be wrong: then
/// the second needs no second try.
void Attempts::blame_snapshot(const Attempt& attempt, ExitCode code, const std::string& words) {
    const auto* before = find(Kind::snapshot, attempt.snapshot);
    const bool same = before != nullptr && before->code == code &&
                      (code == ExitCode::sending || before->words == words);
    const bool same_way =
        before != nullptr && before->with == attempt.parent && before->resumed == attempt.resumed;
    const bool two_parents =
        before != nullptr && before->with && attempt.parent && before->with != attempt.parent;
    const bool one_parent = before != nullptr && attempt.parent && before->with == attempt.parent;
    const bool nothing_else_to_blame = !attempt.parent && !attempt.resumed;
    FailedPart part{Kind::snapshot, attempt.snapshot, attempt.name, code, words, 1,
                    attempt.parent, attempt.resumed};
    if (same && before->words.size() > words.size()) {
        part.words = before->words;  // it came further into the snapshot, and names a file
    }
    if (same && two_parents) {
        spend(Kind::parent, *attempt.parent);
    } else if (same && !same_way && !one_parent) {
        part.times = most_failures;
    } else if (nothing_else_to_blame && same_way && before->code == code) {
        part.times = before->times + 1;
    }
    const bool is_bad = part.times >= most_failures;
    remember(std::move(part));
    if (is_bad) {
        std::erase_if(parts_, [&](const FailedPart& one) {
            return one.kind == Kind::parent && one.code == code &&
                   (code == ExitCode::sending || one.words == words);
        });
    }
}

void Attempts::blame(FailedPart part) {
    const auto* before = find(part.kind, part.uuid);
    if (before != nullptr && before->code == part.code && before->begin == part.begin) {
        part.times = before->times + 1;
    }
    remember(std::move(part));
}

void Attempts::spend(Kind kind, const Uuid& uuid) {
    for (auto& part : parts_) {
        if (part.kind == kind && part.uuid == uuid) {
            part.times = std::max(part.times, most_failures);
        }
    }
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
