#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "snapferry/core/proof/result.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/sys/tree/contents.h"

namespace snapferry::receive {

/// How much there is to do.
struct ManifestSize {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  ///< of the files' contents that are to be read
};

struct VerifyOrder {
    proof::Part part{};
    unsigned threads = 1;
    /// Told once the manifest was read, and found whole.
    std::function<void(const ManifestSize& size)> begins = [](const auto&) {};
    sys::WhenRead when_read{};  ///< called by any of the threads
    /// Told of each entry that differs, up to proof::most_shown.
    std::function<void(const proof::Differing& differing)> tell = [](const auto&) {};
};

/// Whether a backup still is what its manifest says: every entry of it, and the contents of the
/// part. Takes no lock and keeps nobody from anything: where the backup is pruned meanwhile, that
/// is what cannot be said. The manifest came from the sender: it is checked as a whole before
/// anything of it is believed. Throws nothing that a disk or a manifest says; changes nothing.
proof::Result verify(const TagView& view, const Backup& backup, const VerifyOrder& order);

/// Whether it is still there, and as it was promoted.
bool is_still_there(const TagView& view, const Backup& backup);

}  // namespace snapferry::receive
