#include "snapferry/sys/files/directory_entries.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::sys {
namespace {

[[noreturn]] void fail(ExitCode code, const std::string& operation,
                       const std::filesystem::path& path, const std::error_code& why) {
    throw Failure(code, operation + " " + escape_text(path.native()) + ": " + why.message());
}

EntryKind kind_of_mode(mode_t mode) {
    if (S_ISDIR(mode)) {
        return EntryKind::directory;
    }
    if (S_ISREG(mode)) {
        return EntryKind::file;
    }
    return S_ISLNK(mode) ? EntryKind::symlink : EntryKind::other;
}

}  // namespace

std::optional<EntryKind> kind_of(const std::filesystem::path& path) {
    struct stat data {};
    if (::lstat(path.c_str(), &data) == 0) {
        return kind_of_mode(data.st_mode);
    }
    return errno == ENOENT || errno == ENOTDIR ? std::nullopt : std::optional(EntryKind::unknown);
}

std::vector<DirectoryEntry> entries_of(const std::filesystem::path& directory, ExitCode code) {
    std::error_code error;
    std::filesystem::directory_iterator place(directory, error);
    if (error == std::errc::no_such_file_or_directory) {
        return {};
    }
    std::vector<DirectoryEntry> entries;
    const std::filesystem::directory_iterator end;
    while (!error && place != end) {
        // One that has gone meanwhile is none.
        if (const auto kind = kind_of(place->path())) {
            entries.push_back({place->path().filename().native(), place->path(), *kind});
        }
        place.increment(error);
    }
    if (error) {
        fail(code, "cannot look into", directory, error);
    }
    return entries;
}

void delete_tree(const std::filesystem::path& path, ExitCode code) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) {
        fail(code, "cannot delete", path, error);
    }
}

}  // namespace snapferry::sys
