#include "snapferry/receive/disk/writable.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

std::string advice(int error, const std::string& shown) {
    switch (error) {
        case EROFS:
            return fmt::format(
                "see there whether its mount or its subvolume is read-only (findmnt -T {}; btrfs "
                "property get -ts SUBVOLUME ro)",
                shown);
        case EPERM:
            return fmt::format(
                "if it is immutable (lsattr -d {}), take that away there: chattr -i "
                "{}",
                shown, shown);
        default:
            return "see the kernel's log there, and the rights of the directory";
    }
}

}  // namespace

std::optional<Failure> trouble_with_directory(const std::filesystem::path& directory) {
    if (::access(directory.c_str(), W_OK | X_OK) == 0) {
        return std::nullopt;
    }
    const int error = errno;
    const auto shown = escape_text(directory.native());
    return Failure(ExitCode::directory_missing,
                   fmt::format("nothing can be written into {}: {}", shown, sys::error_text(error)),
                   advice(error, shown));
}

std::optional<Failure> trouble_with_place(const Target& target) {
    for (const auto& directory :
         {target.lock.parent_path(), target.rooms[0], target.rooms[1], target.snapshots}) {
        if (sys::kind_of(directory) == sys::EntryKind::directory) {
            if (auto trouble = trouble_with_directory(directory)) {
                return trouble;
            }
        }
    }
    return std::nullopt;
}

}  // namespace snapferry::receive
