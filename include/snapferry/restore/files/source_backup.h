#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/restore/selection.h"
#include "snapferry/receive/backups/in_use.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/restore/files/backup_in_force.h"
#include "snapferry/sys/tree/tree_items.h"

namespace snapferry::restore {

/// A part of a backup on this machine's disk, for who restores it. While it lives, the backup is
/// not pruned.
class SourceBackup {
  public:
    /// Throws Failure where there is no such backup, or a path is not in it.
    SourceBackup(const receive::TagView& view, MeantBackup meant, Selection selection);

    [[nodiscard]] const MeantBackup& meant() const { return meant_; }
    [[nodiscard]] const Selection& selection() const { return selection_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// From the first on. This must outlive what it returns.
    [[nodiscard]] sys::TreeItems items(sys::WhenCopied when_copied = {}) const;

    /// The paths of the same, but for what cannot be read. This must outlive what it returns.
    [[nodiscard]] std::function<std::optional<std::string>()> paths() const;

    /// Why the manifest that there is cannot be used: it came from the NAS, and may be anything.
    /// Empty where it can, or there is none. Reads all of it.
    [[nodiscard]] std::string trouble_with_manifest() const;

    [[nodiscard]] bool has_manifest() const;

    /// What should be there: as the manifest says, or else as the backup is, all of which is read.
    [[nodiscard]] manifest::Next expected(bool by_manifest) const;

  private:
    MeantBackup meant_;
    Selection selection_;
    std::filesystem::path path_;
    std::filesystem::path manifest_;
    receive::BackupInUse in_use_;
};

}  // namespace snapferry::restore
