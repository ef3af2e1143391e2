#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/plan/local_snapshot.h"

/// Which snapshot is the newest, and what that passes over.
namespace snapferry {

/// The order of snapshots, a total one: by the time in the name; what has none comes before all
/// that have one, so that no odd name hides the others; the rest, and where none has a time all of
/// them, by the bytes of the name, as the classic script had it.
bool comes_before(const LocalSnapshot& one, const LocalSnapshot& other);

/// The name says a time that is yet to come: more than a day ahead, which no zone explains.
bool is_yet_to_come(const std::optional<std::chrono::sys_seconds>& named,
                    std::chrono::sys_seconds now);

/// A subvolume beside the snapshots that can be none of them.
struct UnfitSnapshot {
    std::string name;  ///< as it is on the disk: any bytes
    std::string why;   ///< it cannot be sent, in the middle of a sentence
    std::optional<std::chrono::sys_seconds> named{};
    std::uint64_t number = 0;  ///< see LocalSnapshot
};

/// One that carries the tag, is newer than what is sent, and is not sent.
struct PassedOver {
    std::string name;  ///< as it is on the disk
    std::string why;
    bool is_newest = false;  ///< nothing with the tag was made after it
};

struct NewestChoice {
    std::optional<LocalSnapshot> newest{};  ///< nothing where none carries the tag
    std::vector<PassedOver> passed_over{};  ///< the last made comes first
};

/// The last of the snapshots (not the pins) that carry the tag and are not yet to come. Where all
/// that have a time are yet to come, it is the clock that is wrong, and the last of them is taken.
NewestChoice choose_newest(std::span<const LocalSnapshot> snapshots,
                           std::span<const UnfitSnapshot> unfit, std::string_view source_tag,
                           std::chrono::sys_seconds now);

/// Of the snapshots that the receiver is known to have from here, the last that `snapshot` is older
/// than, by its name and by when it was made; nothing where it is older than none. What is yet to
/// come does not count, and neither does what was sent before `snapshot` was made: then it is the
/// clock or the names that have changed.
std::optional<LocalSnapshot> newer_there(const LocalSnapshot& snapshot,
                                         std::span<const LocalSnapshot> known_there,
                                         std::chrono::sys_seconds now);

}  // namespace snapferry
