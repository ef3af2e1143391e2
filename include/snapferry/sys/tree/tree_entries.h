#pragma once

#include <filesystem>
#include <map>
#include <optional>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/manifest/writer.h"
#include "snapferry/sys/tree/contents.h"
#include "snapferry/sys/tree/known_digests.h"
#include "snapferry/sys/tree/walk.h"

namespace snapferry::sys {

/// The whole entries of a tree, one after the other, as a manifest has them: everything in it is
/// read, unless it is known. For manifest::Comparison and manifest::Writer. Throws what a walk
/// throws.
class TreeEntries {
  public:
    /// `known`: what it knows is not read; nothing: all is. It stays as long as this.
    TreeEntries(const std::filesystem::path& top, ExitCode code, WhenRead when_read = {},
                KnownDigests* known = nullptr, Wanted wanted = {})
        : walk_(top, code, std::move(wanted)),
          code_(code),
          when_read_(std::move(when_read)),
          known_(known) {}

    /// Of a part of it.
    TreeEntries(const std::filesystem::path& top, ExitCode code, WhenRead when_read, Wanted wanted)
        : walk_(top, code, std::move(wanted)), code_(code), when_read_(std::move(when_read)) {}

    std::optional<manifest::Entry> next();

  private:
    /// The names of one inode.
    struct Group {
        std::uint64_t number = 0;
        std::optional<InodeDigests> digests;  ///< read once, whatever names it has
        std::uint64_t names_to_come = 0;
    };

    InodeDigests digests_of(const Found& found);
    Group& group_of(const Found& found);
    void forget_where_complete(std::uint64_t inode);

    Walk walk_;
    ExitCode code_;
    WhenRead when_read_;
    KnownDigests* known_ = nullptr;
    std::map<std::uint64_t, Group> groups_;  ///< by inode
    std::uint64_t last_group_ = 0;
};

/// Writes the manifest of a tree.
manifest::Summary write_manifest(const std::filesystem::path& top, ExitCode code,
                                 const manifest::Writer::Take& take,
                                 const WhenRead& when_read = {});

}  // namespace snapferry::sys
