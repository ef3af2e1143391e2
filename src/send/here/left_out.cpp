#include "snapferry/send/here/left_out.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::send {
namespace {

bool is_read_only_snapshot(const std::filesystem::path& path) {
    const auto info = btrfs::subvolume_info(path);
    return info && info->read_only;
}

bool is_left_out(const sys::DirectoryEntry& entry, const Job& job, const std::string& newest) {
    return entry.kind == sys::EntryKind::directory && has_tag(entry.name, job.source_tag) &&
           newest < entry.name && !entry.name.starts_with('.') &&
           !SnapshotName::fault(entry.name).empty() && is_read_only_snapshot(entry.path);
}

}  // namespace

void require_that_names_can_be_sent(const Job& job, const std::string& newest) {
    const auto entries = sys::entries_of(job.snapshot_dir, ExitCode::directory_missing);
    const auto left_out = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
        return is_left_out(entry, job, newest);
    });
    if (left_out != entries.end()) {
        throw Failure(ExitCode::sending,
                      fmt::format("the newest snapshot cannot be sent: the name {} {}",
                                  escape_text(left_out->name), SnapshotName::fault(left_out->name)),
                      "rename it (mv), and have snapshots made under other names");
    }
}

}  // namespace snapferry::send
