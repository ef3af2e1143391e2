#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/writer.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/known_digests.h"

namespace snapferry::send {

/// It was to make way.
class ManifestStopped : public Failure {
  public:
    ManifestStopped() : Failure(ExitCode::interrupted, "the manifest makes way for a backup") {}
};

/// A manifest, packed, in a file that has no name and goes with its descriptor.
struct MadeManifest {
    sys::UniqueFd file;
    std::uint64_t bytes = 0;
    std::string digest;  ///< of these bytes; see StreamDigest
    manifest::Summary summary{};
    std::uint64_t read_files = 0;  ///< whose contents were read
    std::uint64_t read_bytes = 0;
};

/// Makes the manifest of a snapshot, on this thread. `home`: where its file lies. `known` may be
/// null. Throws Failure (sending) where something cannot be read, and ManifestStopped.
MadeManifest make_manifest(const std::filesystem::path& snapshot, const std::filesystem::path& home,
                           sys::KnownDigests* known, const std::stop_token& stop);

}  // namespace snapferry::send
