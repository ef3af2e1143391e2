#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/proof/part.h"
#include "snapferry/core/proof/result.h"

/// What is remembered of the proofs of a tag's backups.
namespace snapferry::proof {

/// A moment by both clocks: the counted one is for decisions, the other for people.
struct When {
    CountedTime counted{};
    std::chrono::sys_seconds wall{};

    friend bool operator==(const When&, const When&) = default;
};

/// One verification of one backup.
struct Verification {
    When when;
    Outcome outcome = Outcome::cannot_say;
    Part part{};
    std::uint64_t entries = 0;
    std::uint64_t differences = 0;
    std::chrono::seconds took{0};
    std::vector<std::string> first{};  ///< what differs, or why nothing can be said; escaped

    friend bool operator==(const Verification&, const Verification&) = default;
};

/// What is known of one copy.
struct CopyProof {
    std::optional<Verification> last{};
    std::optional<Verification> whole{};  ///< the last that went well, of all of it
    /// It stays until all of it was found well: another part that is well does not mend it.
    std::optional<Verification> differs{};

    friend bool operator==(const CopyProof&, const CopyProof&) = default;
};

/// The last time that files were got back to see whether that can be done.
struct Drill {
    When when;
    Outcome outcome = Outcome::cannot_say;
    std::string backup{};  ///< its name, as it is
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> first{};  ///< what was wrong; escaped

    friend bool operator==(const Drill&, const Drill&) = default;
};

struct Book {
    std::map<Uuid, CopyProof> copies{};  ///< by the backup's copy
    PartsDone parts{};
    /// The last verification that went well, of a backup that may be gone by now: those of most
    /// tags are pruned before the next one is due.
    std::optional<When> last_well{};
    std::optional<Drill> drill{};
    bool is_sound = true;  ///< false: what was written could not be read

    friend bool operator==(const Book&, const Book&) = default;
};

/// Writes a verification down. That a part was gone through is remembered for next_part(), too.
void note(Book& book, const Uuid& copy, const Verification& verification);

/// Drops what is known of backups that are gone.
void keep_only(Book& book, const std::set<Uuid>& copies);

/// How long ago. Where the two clocks do not agree, the longer time.
std::chrono::seconds age_of(const When& when, const When& now);

/// For a list: "verified 3 d ago", "part 3 of 12 verified 2 h ago", "DIFFERS: ...", "never
/// verified", "has no manifest".
std::string state_text(const CopyProof& proof, bool has_manifest, const When& now);

}  // namespace snapferry::proof
