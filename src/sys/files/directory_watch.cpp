#include "snapferry/sys/files/directory_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr std::uint32_t events = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                 IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_ONLYDIR;

}  // namespace

DirectoryWatch::DirectoryWatch() : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (!inotify_) {
        throw system_failure(ExitCode::internal, "watch directories");
    }
}

void DirectoryWatch::watch(const std::set<std::filesystem::path>& directories) {
    wanted_ = directories;
    for (auto entry = watched_.begin(); entry != watched_.end();) {
        if (wanted_.contains(entry->second)) {
            ++entry;
        } else {
            ::inotify_rm_watch(inotify_.get(), entry->first);
            entry = watched_.erase(entry);
        }
    }
    for (const auto& directory : wanted_) {
        add(directory);
    }
}

/// For one that is watched already this changes nothing: the kernel gives the same number.
void DirectoryWatch::add(const std::filesystem::path& directory) {
    const int number = ::inotify_add_watch(inotify_.get(), directory.c_str(), events);
    if (number >= 0) {
        watched_[number] = directory;
    }
}

std::set<std::filesystem::path> DirectoryWatch::changed() {
    std::set<std::filesystem::path> found;
    alignas(inotify_event) std::array<std::byte, 16 * 1024> buffer{};
    for (;;) {
        const auto count = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (count <= 0) {
            return found;
        }
        for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof(event));
            at += sizeof(event) + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                found = wanted_;
            } else if (const auto entry = watched_.find(event.wd); entry != watched_.end()) {
                found.insert(entry->second);
                if ((event.mask & IN_IGNORED) != 0) {  // deleted or unmounted: watch() adds it anew
                    watched_.erase(entry);
                }
            }
        }
    }
}

}  // namespace snapferry::sys
