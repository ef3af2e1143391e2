#include "snapferry/sys/btrfs/subvolume_list.h"

#include <btrfsutil.h>
#include <fcntl.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t most_listed = 50'000;  // a few microseconds each

/// For what libbtrfsutil hands out: its contract is free(3).
struct FreeMemory {
    void operator()(void* memory) const {
        std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
    }
};

struct EndIteration {
    void operator()(btrfs_util_subvolume_iterator* iterator) const {
        btrfs_util_destroy_subvolume_iterator(iterator);
    }
};
using Iterator = std::unique_ptr<btrfs_util_subvolume_iterator, EndIteration>;

Iterator iterator_of(int directory, const std::filesystem::path& mount_point) {
    btrfs_util_subvolume_iterator* iterator = nullptr;
    if (btrfs_util_create_subvolume_iterator_fd(directory, 0, 0, &iterator) != BTRFS_UTIL_OK) {
        throw sys::system_failure(ExitCode::sending,
                                  "list the subvolumes of " + escape_text(mount_point.native()));
    }
    return Iterator(iterator);
}

}  // namespace

std::vector<std::filesystem::path> subvolumes_below(const std::filesystem::path& mount_point) {
    const sys::UniqueFd fd(
        ::open(mount_point.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
    if (!fd || btrfs_util_is_subvolume_fd(fd.get()) != BTRFS_UTIL_OK) {
        return {};
    }
    const auto iterator = iterator_of(fd.get(), mount_point);
    std::vector<std::filesystem::path> found;
    char* path = nullptr;
    std::uint64_t id = 0;
    while (found.size() < most_listed &&
           btrfs_util_subvolume_iterator_next(iterator.get(), &path, &id) == BTRFS_UTIL_OK) {
        const std::unique_ptr<char, FreeMemory> owned(path);
        found.emplace_back(path);
    }
    return found;
}

}  // namespace snapferry::btrfs
