#include "rotation_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "alert_config.h"
#include "calendar_config.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/job/job.h"

namespace snapferry::send {
namespace {

std::string read_tag(const sys::ConfigTable& table) {
    try {
        return parse_source_tag(table.required_text("tag"));
    } catch (const Failure& failure) {
        if (failure.code() != ExitCode::bad_tag) {
            throw;
        }
        table.complain("tag", failure.what());
    }
}

/// A number, or words. Without it nobody has said what may be deleted.
KeepWords read_keep(const sys::ConfigTable& table) {
    if (!table.has_text("keep")) {
        if (const auto number = table.number("keep", 1, most_kept)) {
            return {static_cast<std::size_t>(*number), {}};
        }
    }
    auto words = parse_keep(table.required_text("keep"));
    if (const auto* const wrong = std::get_if<std::string>(&words)) {
        table.complain("keep", *wrong);
    }
    return std::get<KeepWords>(words);
}

Rotation read_rotation(const std::string& name, const sys::ConfigTable& table,
                       const HookSettings& hooks, sys::CalendarJudge& calendars) {
    table.allow_only({"subvolume", "snapshot_dir", "tag", "keep", "calendar"});
    Rotation rotation{name, absolute_path(table, "subvolume", table.required_text("subvolume")),
                      absolute_path(table, "snapshot_dir", table.required_text("snapshot_dir")),
                      read_tag(table), read_keep(table)};
    rotation.calendar = read_calendar(table, calendars);
    rotation.hooks = hooks;
    return rotation;
}

/// By the lock's own words, so that a slash at the end makes no second directory.
JobIdentity series_of(const Rotation& rotation) {
    return JobIdentity::of(rotation.snapshot_dir.native(), rotation.tag, "", 0, "");
}

/// Two of one tag in one directory: each would count only its own, and a job send from both.
void require_series_of_its_own(const sys::ConfigTable& table, const Rotation& rotation,
                               const std::vector<Rotation>& before) {
    const auto is_same = [&](const Rotation& other) {
        return series_of(other) == series_of(rotation);
    };
    const auto other = std::find_if(before.begin(), before.end(), is_same);
    if (other != before.end()) {
        table.complain(
            "tag", fmt::format("[snapshots.{}] and [snapshots.{}] both make snapshots "
                               "@{} in {}: give each a tag or a directory of its own",
                               escape_text(other->name), escape_text(rotation.name), rotation.tag,
                               escape_text(rotation.snapshot_dir.native())));
    }
}

}  // namespace

std::vector<Rotation> read_rotations(const sys::ConfigTable& root, const HookSettings& hooks,
                                     sys::CalendarJudge& calendars) {
    std::vector<Rotation> rotations;
    if (const auto tables = root.table("snapshots")) {
        for (const auto& [name, table] : tables->tables()) {
            auto rotation = read_rotation(name, table, hooks, calendars);
            require_series_of_its_own(table, rotation, rotations);
            rotations.push_back(std::move(rotation));
        }
    }
    return rotations;
}

}  // namespace snapferry::send
