#include "snapferry/receive/past/backup_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/found.h"

namespace snapferry::receive {
namespace {

bool is_absent(int error) {
    return error == ENOENT || error == ENOTDIR || error == ELOOP || error == ENAMETOOLONG;
}

}  // namespace

std::vector<Backup> backups_oldest_first(const TagView& view) {
    const auto& backups = view.inventory.backups;
    if (backups.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("there are no backups of {} here", view.tag.text()),
                      "snapferry list shows the tags that there are");
    }
    return {backups.rbegin(), backups.rend()};
}

sys::UniqueFd open_backup(const TagView& view, const Backup& backup) {
    const auto path = path_of(view, backup);
    sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) {
        throw sys::system_failure(ExitCode::receiving, "open " + escape_text(path.native()));
    }
    return fd;
}

std::optional<Stat> stat_in(int backup, const std::string& path) {
    const auto fd = sys::open_beneath(backup, path.empty() ? "." : path, O_PATH);
    struct stat data {};
    if (!fd || ::fstat(fd.get(), &data) != 0) {
        if (is_absent(errno)) {
            return std::nullopt;
        }
        throw sys::system_failure(ExitCode::receiving, "look at " + escape_text(path));
    }
    const auto kind = sys::kind_of_mode(data.st_mode);
    return Stat{data.st_ino,
                {kind,
                 kind == manifest::Kind::file ? static_cast<std::uint64_t>(data.st_size) : 0,
                 {data.st_mtim.tv_sec, static_cast<std::uint32_t>(data.st_mtim.tv_nsec)}}};
}

std::vector<past::Sighting> sightings_of(const TagView& view, const std::string& path) {
    std::vector<past::Sighting> sightings;
    sightings.reserve(view.inventory.backups.size());
    for (const auto& backup : backups_oldest_first(view)) {
        const auto found = stat_in(open_backup(view, backup).get(), path);
        sightings.push_back(
            {backup.name.text(), found ? std::optional(found->seen) : std::nullopt});
    }
    return sightings;
}

}  // namespace snapferry::receive
