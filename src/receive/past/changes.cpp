#include "snapferry/receive/past/changes.h"

#include <memory>

#include "snapferry/core/past/path.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/past/backup_tree.h"
#include "snapferry/sys/tree/contents.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::receive {
namespace {

constexpr auto code = ExitCode::receiving;

using Entry = std::optional<manifest::Entry>;

/// The inode behind a path; nothing where the manifest speaks of what is not there.
auto inode_in(std::shared_ptr<sys::UniqueFd> top) {
    return [top = std::move(top)](const std::string& path) {
        const auto found = stat_in(top->get(), path);
        return found ? std::optional(found->inode) : std::nullopt;
    };
}

/// Passes over what does not lie at the path.
template <typename Next>
auto only_in(const std::string& path, Next next) {
    return [path, next]() -> Entry {
        auto entry = next();
        while (entry && !past::lies_in(entry->path, path)) {
            entry = next();
        }
        return entry;
    };
}

past::Side by_manifest(const TagView& view, const Backup& backup, const std::string& path) {
    const auto file =
        std::make_shared<sys::ManifestFile>(manifest_of(view.target.manifests, backup.copy), code);
    return {only_in(path, [file] { return file->next(); }),
            {},
            inode_in(std::make_shared<sys::UniqueFd>(open_backup(view, backup)))};
}

past::Side by_walking(const TagView& view, const Backup& backup, const std::string& path) {
    struct Walked {
        sys::Walk walk;
        std::optional<sys::Found> last;
    };
    const auto walked = std::make_shared<Walked>(Walked{{path_of(view, backup), code}, {}});
    const auto next = [walked]() -> Entry {
        walked->last = walked->walk.next();
        return walked->last ? Entry(walked->last->entry) : std::nullopt;
    };
    return {only_in(path, next),
            [walked] { return sys::contents_of(walked->walk, *walked->last, code, {}); },
            inode_in(std::make_shared<sys::UniqueFd>(open_backup(view, backup)))};
}

}  // namespace

past::Changes changes_between(const TagView& view, const Backup& before, const Backup& after,
                              const std::string& path) {
    const auto with_manifest = copies_with_manifest(view.target.manifests);
    if (with_manifest.contains(before.copy) && with_manifest.contains(after.copy)) {
        try {
            return past::changes_between(by_manifest(view, before, path),
                                         by_manifest(view, after, path));
        } catch (const manifest::Malformed&) {
            // The backups themselves are there.
        }
    }
    return past::changes_between(by_walking(view, before, path), by_walking(view, after, path));
}

}  // namespace snapferry::receive
