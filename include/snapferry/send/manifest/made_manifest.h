#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/writer.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/known_digests.h"

namespace snapferry::send {

/// A manifest, packed, in a file that has no name and goes with its descriptor.
struct MadeManifest {
    sys::UniqueFd file;
    std::uint64_t bytes = 0;
    std::string digest;  ///< of these bytes; see StreamDigest
    manifest::Summary summary{};
    std::uint64_t read_files = 0;  ///< whose contents were read
    std::uint64_t read_bytes = 0;
    bool came = false;  ///< with the backup, which was received here: nothing was read for it
};

/// Makes the manifest of a snapshot, on this thread. `home`: where its file lies. `meanwhile` is
/// called again and again, and may throw to end it. Throws Failure (sending) where something cannot
/// be read.
MadeManifest make_manifest(const std::filesystem::path& snapshot, const std::filesystem::path& home,
                           sys::KnownDigests& known, const std::function<void()>& meanwhile);

}  // namespace snapferry::send
