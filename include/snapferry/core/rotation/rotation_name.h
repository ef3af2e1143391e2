#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/plan/local_snapshot.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/core/time/period.h"

/// The names that btrfs-snapshot-rotation gives: TIME-@TAG.
namespace snapferry {

/// The two forms of TIME that are in use.
enum class NameForm {
    with_offset,  ///< "2021-08-17T07:00:01+00:00"
    of_zone,      ///< "2021-08-17--07-00-01", by the machine's time zone
};

/// Of a name that is TIME-@TAG and nothing else; nothing for any other.
std::optional<NameForm> form_of_rotated(std::string_view name, std::string_view tag);

/// The form in which a directory's names go on: that of the last snapshot made with this tag, or
/// else with any; with_offset where none has one.
NameForm form_in_use(std::span<const LocalSnapshot> snapshots, std::string_view tag);

/// "2021-08-17T07:00:01+00:00-@hourly".
std::string rotated_name(NameForm form, const LocalMoment& when, std::string_view tag);

/// What a name for a new snapshot is chosen by.
struct NameSituation {
    std::span<const LocalSnapshot> snapshots;  ///< those of the directory
    const std::set<std::string>& taken;        ///< all names there, whatever has them
    std::string_view tag;
    std::chrono::sys_seconds now;
    const ZoneOffset& zone;
};

struct NewName {
    SnapshotName name;
    LocalMoment when;           ///< that it says
    std::string why_not_now{};  ///< for a person, where the clock says far less
};

/// The name of a snapshot that is made now. It comes after the newest with the tag that jobs send
/// (see newest.h), by its time and by its bytes: where the clock was set back, or the end of summer
/// brings an hour twice, it says the second after that one's. Why there is none, where a name can
/// say no later time.
std::variant<NewName, std::string> name_now(const NameSituation& situation);

}  // namespace snapferry
