#include "snapferry/restore/files/room.h"

#include <fmt/format.h>

#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::restore {

void require_room(const std::filesystem::path& to, std::uint64_t bytes) {
    const auto free = btrfs::space_of(nearest(to), ExitCode::directory_missing).free;
    if (bytes > free) {
        throw Failure(ExitCode::no_space,
                      fmt::format("the files take {}, and at {} only {} are free", byte_text(bytes),
                                  escape_text(to.native()), byte_text(free)),
                      "make room, restore elsewhere, or restore a part; nothing was changed");
    }
}

std::filesystem::path nearest(const std::filesystem::path& to) {
    std::error_code error;
    auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(to, error), error);
    while (!std::filesystem::exists(path, error) && path.has_relative_path()) {
        path = path.parent_path();
    }
    return path;
}

std::optional<btrfs::Durability> durability_of(const sys::Destination& destination) {
    if (!btrfs::is_on_btrfs(destination.path())) {
        return std::nullopt;
    }
    return std::optional<btrfs::Durability>(std::in_place, destination.path(),
                                            "the disk of " + destination.shown(""));
}

}  // namespace snapferry::restore
