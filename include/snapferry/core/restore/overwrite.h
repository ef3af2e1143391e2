#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "snapferry/core/manifest/difference.h"
#include "snapferry/core/manifest/entry.h"

/// What becomes of an entry of a backup, where something may be in its place.
namespace snapferry::restore {

/// What a person lets a restore do to what is there and is not as in the backup.
enum class Overwrite { never, changed, always };

/// Nothing for any other word.
std::optional<Overwrite> parse_overwrite(std::string_view word);

enum class Action {
    make,     ///< nothing is there
    keep,     ///< it is there already, as far as a look tells
    replace,  ///< what is there goes
    merge,    ///< a directory that is there stays as it is, and takes what it lacks
    dress,    ///< a directory that is there becomes as in the backup, and takes what it lacks
    leave,    ///< what is there differs, and stays
    refuse,   ///< a directory is in the way of something else, or the reverse: never deleted
};

struct Decision {
    Action action = Action::make;
    std::vector<manifest::Aspect> differs{};  ///< in what, where something is there
};

/// What a look at the place tells, without reading contents.
struct There {
    manifest::Entry entry;
    /// A directory that a restore has made, and has not come to the end of.
    bool unfinished = false;
    /// It is another inode than those that it should be one with.
    bool apart = false;
};

/// `wanted` and what is there are compared without their contents: a file with the same size, time
/// (to the nanosecond), owner, mode and attributes is taken to be the same. That can be, because no
/// file appears under its name before it is whole; who doubts it says Overwrite::always.
Decision decide(Overwrite overwrite, const manifest::Entry& wanted,
                const std::optional<There>& there);

}  // namespace snapferry::restore
