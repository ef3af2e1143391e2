#include "snapferry/send/manifest/received_manifest.h"

#include <fcntl.h>

#include <span>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/sys/btrfs/changes.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/tree/manifest_file.h"

namespace snapferry::send {
namespace {

constexpr auto code = ExitCode::sending;

/// See receive/place/target.h: target_dir/.snapferry/TAG.manifests beside target_dir/TAG.
std::filesystem::path shelf_beside(const std::filesystem::path& snapshot_dir) {
    auto place = snapshot_dir.lexically_normal();
    if (!place.has_filename()) {
        place = place.parent_path();
    }
    return place.parent_path() / ".snapferry" / (place.filename().native() + ".manifests");
}

/// The subvolume that was received, if it is still there, and still what it was.
std::optional<Uuid> copy_received(const std::filesystem::path& snapshot_dir,
                                  const LocalSnapshot& snapshot) {
    const auto place = snapshot_dir / snapshot.name.text();
    const auto info = btrfs::subvolume_info(place, code);
    const bool is_it = info && info->read_only && info->received_uuid == snapshot.uuid &&
                       (info->uuid == snapshot.own || info->uuid == snapshot.origin);
    return is_it && !btrfs::changed_since_received(place) ? std::optional(info->uuid)
                                                          : std::nullopt;
}

void measure(MadeManifest& manifest, const std::string& shown) {
    constexpr std::size_t piece = std::size_t{64} * 1024;  // bytes
    std::vector<std::byte> buffer(piece);
    wire::StreamDigest digest;
    while (const auto count = sys::read_some(manifest.file.get(), buffer, code, shown)) {
        digest.update(std::span(buffer).first(count));
        manifest.bytes += count;
        if (manifest.bytes > manifest::most_packed) {
            throw manifest::Malformed("it is larger than any manifest may be");
        }
    }
    manifest.digest = digest.text();
}

/// To its end, where it says its own digest. It came from another machine.
void require_whole(MadeManifest& manifest, const std::function<void()>& meanwhile) {
    sys::ManifestFile reading("/proc/self/fd/" + std::to_string(manifest.file.get()), code);
    while (reading.next()) {
        meanwhile();
    }
    manifest.summary = reading.summary();
}

}  // namespace

std::optional<MadeManifest> received_manifest(const std::filesystem::path& snapshot_dir,
                                              const LocalSnapshot& snapshot, Log& log,
                                              const std::function<void()>& meanwhile) {
    const auto copy = copy_received(snapshot_dir, snapshot);
    if (!copy) {
        return std::nullopt;
    }
    const auto path = shelf_beside(snapshot_dir) / copy->text();
    MadeManifest manifest;
    manifest.came = true;
    manifest.file =
        sys::UniqueFd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!manifest.file) {
        return std::nullopt;
    }
    sys::require_own_file(manifest.file.get(), path);
    try {
        measure(manifest, escape_text(path.native()));
        require_whole(manifest, meanwhile);
    } catch (const manifest::Malformed& malformed) {
        log.warning("the manifest that came with {} is not passed on: {}", snapshot.name.text(),
                    malformed.what());
        return std::nullopt;
    }
    return manifest;
}

}  // namespace snapferry::send
