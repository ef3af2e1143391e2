#pragma once

#include <optional>

#include "snapferry/sys/tree/walk.h"

namespace snapferry::sys {

/// What has to be read of an inode, and may be known from before.
struct InodeDigests {
    std::optional<manifest::Digest> contents{};  ///< of a file
    std::optional<manifest::Digest> xattrs{};    ///< nothing where it has none

    friend bool operator==(const InodeDigests&, const InodeDigests&) = default;
};

/// Who knows digests spares reading. Both are about what the walk has come to last.
class KnownDigests {
  public:
    virtual ~KnownDigests() = default;

    /// Nothing where it has to be read.
    virtual std::optional<InodeDigests> find(const Walk& walk, const Found& found) = 0;

    /// It was read just now.
    virtual void learn(const Walk& walk, const Found& found, const InodeDigests& digests) = 0;
};

}  // namespace snapferry::sys
