#include "snapferry/receive/past/search.h"

#include <fnmatch.h>

#include <set>
#include <utility>

#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/past/backup_tree.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::receive {
namespace {

constexpr auto code = ExitCode::receiving;

/// What matches in one backup.
using Matches = std::vector<std::pair<std::string, past::Seen>>;

void take(Matches& matches, const Pattern& pattern, const manifest::Entry& entry) {
    if (!entry.path.empty() && pattern.matches(entry.path)) {
        matches.emplace_back(entry.path,
                             past::Seen{entry.kind, entry.size.value_or(0), entry.modified});
    }
}

Matches matches_by_manifest(const std::filesystem::path& file, const Pattern& pattern) {
    Matches matches;
    sys::ManifestFile entries(file, code);
    while (const auto entry = entries.next()) {
        take(matches, pattern, *entry);
    }
    return matches;
}

Matches matches_by_walking(const std::filesystem::path& top, const Pattern& pattern) {
    Matches matches;
    sys::Walk walk(top, code);
    while (const auto found = walk.next()) {
        take(matches, pattern, found->entry);
    }
    return matches;
}

/// A manifest that is none is no obstacle: the backup itself is there.
Matches matches_in(const TagView& view, const Backup& backup, bool has_manifest,
                   const Pattern& pattern) {
    if (has_manifest) {
        try {
            return matches_by_manifest(manifest_of(view.target.manifests, backup.copy), pattern);
        } catch (const Failure&) {
        }
    }
    return matches_by_walking(path_of(view, backup), pattern);
}

}  // namespace

Pattern::Pattern(std::string_view written, bool ignores_case)
    : pattern_(written),
      is_about_path_(written.find('/') != std::string_view::npos),
      flags_(ignores_case ? FNM_CASEFOLD : 0) {
    if (written.find_first_of("*?[\\") == std::string_view::npos) {
        pattern_ = "*" + pattern_ + "*";
    } else if (is_about_path_ && !written.starts_with('/')) {
        pattern_ = "*/" + pattern_;
    }
}

bool Pattern::matches(const std::string& path) const {
    const auto text = is_about_path_ ? "/" + path : path.substr(path.rfind('/') + 1);
    return ::fnmatch(pattern_.c_str(), text.c_str(), flags_) == 0;
}

past::Finds search(const TagView& view, const std::vector<Backup>& backups,
                   const Pattern& pattern) {
    const auto with_manifest = copies_with_manifest(view.target.manifests);
    past::Finds finds;
    for (const auto& backup : backups) {
        const bool has_manifest = with_manifest.contains(backup.copy);
        for (const auto& [path, seen] : matches_in(view, backup, has_manifest, pattern)) {
            finds.add(backup.name.text(), path, seen);
        }
    }
    return finds;
}

}  // namespace snapferry::receive
