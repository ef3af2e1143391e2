#include "snapferry/receive/place/at_work.h"

#include <unistd.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {
namespace {

sys::FileLock lock_own(const std::filesystem::path& file) {
    if (auto lock = sys::FileLock::acquire(file, std::chrono::milliseconds{0})) {
        return std::move(*lock);
    }
    throw Failure(ExitCode::internal, escape_text(file.native()) + " is locked already");
}

std::filesystem::path made(const std::filesystem::path& directory) {
    sys::make_private_directory(directory);
    return directory;
}

}  // namespace

AtWork::AtWork(const std::filesystem::path& directory, const std::string& name)
    : file_(made(directory) / name), lock_(lock_own(file_)) {}

AtWork::~AtWork() {
    ::unlink(file_.c_str());
}

std::size_t AtWork::others() const {
    std::size_t count = 0;
    for (const auto& entry : sys::entries_of(file_.parent_path(), ExitCode::internal)) {
        if (entry.path == file_ || entry.kind != sys::EntryKind::file) {
            continue;
        }
        if (sys::FileLock::acquire(entry.path, std::chrono::milliseconds{0})) {
            ::unlink(entry.path.c_str());
        } else {
            ++count;
        }
    }
    return count;
}

}  // namespace snapferry::receive
