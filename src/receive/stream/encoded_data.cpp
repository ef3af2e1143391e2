#include "snapferry/receive/stream/encoded_data.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

bool is_gone(int error) {
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/// The names are the sender's: nothing outside the subvolume is opened, whatever they lead to.
/// Only a regular file is opened: to open another may do something. Nothing where the stream has
/// taken it away again; what cannot be opened for any other reason may have lost its data.
sys::UniqueFd open_regular(const sys::UniqueFd& directory, const std::string& path) {
    const auto fail = [&] {
        return sys::system_failure(ExitCode::receiving,
                                   "look for what came of " + escape_text(path));
    };
    const auto place = sys::open_beneath(directory.get(), path, O_PATH);
    if (!place) {
        return is_gone(errno) ? sys::UniqueFd{} : throw fail();
    }
    struct stat data {};
    if (::fstat(place.get(), &data) != 0) {
        throw fail();
    }
    if (!S_ISREG(data.st_mode)) {
        return {};
    }
    auto file = sys::open_beneath(directory.get(), path, O_RDONLY);
    return file ? std::move(file) : throw fail();
}

bool is_data(const sys::UniqueFd& file, const stream::FileRange& range) {
    const auto hole = ::lseek64(file.get(), static_cast<off64_t>(range.begin), SEEK_HOLE);
    return hole >= 0 && static_cast<std::uint64_t>(hole) >= range.end;
}

}  // namespace

std::string file_without_its_data(const std::filesystem::path& subvolume,
                                  const stream::EncodedRanges& written) {
    const sys::UniqueFd directory(
        ::open(subvolume.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!directory) {
        throw sys::system_failure(ExitCode::receiving, "open " + escape_text(subvolume.native()));
    }
    for (const auto& [path, ranges] : written.files()) {
        const auto file = open_regular(directory, path);
        const bool is_whole =
            !file || std::all_of(ranges.begin(), ranges.end(),
                                 [&](const auto& range) { return is_data(file, range); });
        if (!is_whole) {
            return escape_text(path);
        }
    }
    return {};
}

}  // namespace snapferry::receive
