#include "snapferry/restore/files/backup_in_force.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/restore/when.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/time/name_time.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::restore {
namespace {

using std::chrono::sys_seconds;

std::chrono::seconds here(sys_seconds time) {
    return sys::local_offset(time);
}

sys_seconds taken(const Backup& backup) {
    return time_in_name(backup.name.text(), here, backup.arrived).value_or(backup.arrived);
}

std::string how_to_list(const receive::TagView& view) {
    return fmt::format("snapferry list {} --all shows what there is", view.tag.text());
}

MeantBackup newest_taken_by(const receive::TagView& view, sys_seconds at) {
    std::optional<MeantBackup> newest;
    for (const auto& backup : view.inventory.backups) {
        const auto when = taken(backup);
        if (when <= at && (!newest || newest->taken < when)) {
            newest = MeantBackup{backup, when};
        }
    }
    if (!newest) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} has no backup that was taken by {}", view.tag.text(),
                                  sys::local_time_text(at)),
                      how_to_list(view));
    }
    return *newest;
}

}  // namespace

MeantBackup backup_in_force(const receive::TagView& view, const std::string& at, sys_seconds now) {
    const auto& backups = view.inventory.backups;
    if (backups.empty()) {
        throw Failure(ExitCode::configuration, fmt::format("{} has no backup yet", view.tag.text()),
                      how_to_list(view));
    }
    if (at.empty()) {
        return {backups.front(), taken(backups.front())};
    }
    const auto named = std::ranges::find_if(
        backups, [&](const Backup& backup) { return backup.name.text() == at; });
    if (named != backups.end()) {
        return {*named, taken(*named)};
    }
    const auto when = parse_when(at, now, here);
    if (!when) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("\"{}\" is no backup of {} and no time", escape_text(at), view.tag.text()),
            "say a name as snapferry list shows it, or a time such as 2026-11-20, "
            "\"2026-11-20 14:30\", \"2 days ago\" or \"last tuesday\"");
    }
    return newest_taken_by(view, *when);
}

}  // namespace snapferry::restore
