#include "snapferry/restore/files/source_backup.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::restore {

SourceBackup::SourceBackup(const receive::TagView& view, MeantBackup meant, Selection selection)
    : meant_(std::move(meant)),
      selection_(std::move(selection)),
      path_(receive::path_of(view, meant_.backup)),
      manifest_(receive::manifest_of(view.target.manifests, meant_.backup.copy)),
      in_use_(path_) {
    const sys::UniqueFd top(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const auto& path : selection_.paths()) {
        if (!sys::open_beneath(top.get(), path, O_PATH)) {
            const bool leads_elsewhere = errno == ELOOP;
            throw Failure(
                ExitCode::configuration,
                fmt::format("{} of {} has no {}{}", meant_.backup.name.text(), view.tag.text(),
                            escape_text(path), leads_elsewhere ? " (a symlink is on the way)" : ""),
                "paths are those in the backup, from its top; --at chooses another");
        }
    }
}

sys::TreeItems SourceBackup::items(sys::WhenCopied when_copied) const {
    return {path_, [this](const std::string& path) { return selection_.touches(path); },
            std::move(when_copied)};
}

std::function<std::optional<std::string>()> SourceBackup::paths() const {
    const auto walk = std::make_shared<sys::Walk>(
        path_, ExitCode::sending,
        [this](const std::string& path) { return selection_.touches(path); });
    return [walk]() -> std::optional<std::string> {
        for (;;) {
            try {
                auto found = walk->next();
                return found ? std::optional(std::move(found->entry.path)) : std::nullopt;
            } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): told of when it was copied
            }
        }
    };
}

bool SourceBackup::has_manifest() const {
    std::error_code error;
    return std::filesystem::is_regular_file(manifest_, error);
}

std::string SourceBackup::trouble_with_manifest() const {
    if (!has_manifest()) {
        return {};
    }
    try {
        sys::ManifestFile entries(manifest_, ExitCode::receiving);
        while (entries.next()) {
        }
        return {};
    } catch (const manifest::Malformed& malformed) {
        return malformed.what();
    }
}

manifest::Next SourceBackup::expected(bool by_manifest) const {
    if (!by_manifest) {
        const auto entries = std::make_shared<sys::TreeEntries>(
            path_, ExitCode::sending, sys::WhenRead{},
            [this](const std::string& path) { return selection_.touches(path); });
        return [entries] { return entries->next(); };
    }
    const auto entries = std::make_shared<sys::ManifestFile>(manifest_, ExitCode::receiving);
    return [entries, this]() -> std::optional<manifest::Entry> {
        for (;;) {
            auto entry = entries->next();
            if (!entry || selection_.touches(entry->path)) {
                return entry;
            }
        }
    };
}

}  // namespace snapferry::restore
