#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// How old a newest backup may be: said by a person, or learnt from how often one is made.
namespace snapferry {

/// What there is to tell it by.
struct AgeEvidence {
    std::optional<std::chrono::seconds> asked{};       ///< by an option, for this once
    std::optional<std::chrono::seconds> configured{};  ///< max_age
    std::vector<std::chrono::sys_seconds> arrived{};  ///< when the backups were taken, in any order
    std::vector<std::chrono::sys_seconds> made{};     ///< when the snapshots here were taken
};

struct AllowedAge {
    enum class Source {
        asked,
        configured,
        learnt,
        unknown,  ///< there are too few yet to learn from
    };
    Source source = Source::unknown;
    /// Older is too old.
    std::chrono::seconds stale_after = std::chrono::hours{8 * 24};
    /// Older may be too old, and nobody can say: before stale_after only where it is unknown.
    std::chrono::seconds doubtful_after = std::chrono::hours{26};
    std::optional<std::chrono::seconds> interval{};  ///< between two of them, where it was learnt

    friend bool operator==(const AllowedAge&, const AllowedAge&) = default;
};

/// A person's word comes first: that of this moment, then that of the configuration.
AllowedAge allowed_age(const AgeEvidence& evidence);

/// No older than this, whatever is learnt.
AllowedAge age_asked_for(std::chrono::seconds most);

/// Whether one can learn from them how often there is one; not where they span less than three
/// days. What counts is the longest time that it took on each of the last days that had one: of
/// those a few of trials, and one or two long absences, are passed over; nights without any, and
/// weekends, are not. More than eight days are believed only when they were seen three times, and
/// more than 200 days tell of a clock that was wrong. In any order.
bool tells_how_often(const std::vector<std::chrono::sys_seconds>& times);

/// "9 d (a snapshot every 7 d)": how old it may be, and why.
std::string text_of(const AllowedAge& allowed);

/// "asked", "configured", "learnt" or "unknown".
std::string name_of(AllowedAge::Source source);

}  // namespace snapferry
