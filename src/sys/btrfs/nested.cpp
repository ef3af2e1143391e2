#include "snapferry/sys/btrfs/nested.h"

#include <btrfsutil.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/btrfs_tree.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <set>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

using SubvolumeId = std::uint64_t;

/// For what libbtrfsutil hands out: its contract is free(3).
struct FreeMemory {
    void operator()(void* memory) const {
        std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
    }
};

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw sys::system_failure(ExitCode::sending,
                              "look for nested subvolumes beside " + escape_text(path.native()));
}

/// All numbers of the disk are little-endian, and so is every machine that this runs on.
std::uint64_t number_at(const std::byte* bytes) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

/// By the filesystem's tree of uuids: the key is the uuid itself, the item the id.
std::optional<SubvolumeId> id_of(int filesystem, const Uuid& uuid) {
    btrfs_ioctl_search_args arguments{};
    auto& key = arguments.key;
    key.tree_id = BTRFS_UUID_TREE_OBJECTID;
    key.min_objectid = key.max_objectid = number_at(uuid.bytes().data());
    key.min_type = key.max_type = BTRFS_UUID_KEY_SUBVOL;
    key.min_offset = key.max_offset = number_at(uuid.bytes().data() + sizeof(std::uint64_t));
    key.max_transid = std::numeric_limits<std::uint64_t>::max();
    key.nr_items = 1;
    if (::ioctl(filesystem, BTRFS_IOC_TREE_SEARCH, &arguments) != 0 || key.nr_items == 0) {
        return std::nullopt;
    }
    return number_at(reinterpret_cast<const std::byte*>(arguments.buf) +
                     sizeof(btrfs_ioctl_search_header));
}

/// "a/b/" of a directory in a subvolume, "" of its top.
std::string path_in(int filesystem, SubvolumeId subvolume, std::uint64_t directory) {
    btrfs_ioctl_ino_lookup_args arguments{};
    arguments.treeid = subvolume;
    arguments.objectid = directory;
    return ::ioctl(filesystem, BTRFS_IOC_INO_LOOKUP, &arguments) == 0 ? arguments.name : "";
}

/// Where the snapshots are, as seen from the source.
struct PlaceOfSnapshots {
    std::set<SubvolumeId>
        within{};        ///< the subvolumes that they lie in, up to the filesystem's top
    std::string path{};  ///< "a/b/" where they lie in the source's own tree
};

PlaceOfSnapshots place_of(int directory, SubvolumeId source, const std::filesystem::path& path) {
    PlaceOfSnapshots place;
    SubvolumeId id = 0;
    struct stat data {};
    if (btrfs_util_subvolume_id_fd(directory, &id) != BTRFS_UTIL_OK ||
        ::fstat(directory, &data) != 0) {
        fail(path);
    }
    if (id == source) {
        place.path = path_in(directory, source, data.st_ino);
    }
    while (id != source && id != BTRFS_FS_TREE_OBJECTID && id != 0) {
        place.within.insert(id);
        struct btrfs_util_subvolume_info info {};
        if (btrfs_util_subvolume_info_fd(directory, id, &info) != BTRFS_UTIL_OK) {
            fail(path);
        }
        id = info.parent_id;
    }
    return place;
}

class Iterator {
  public:
    Iterator(int filesystem, SubvolumeId top) {
        if (btrfs_util_create_subvolume_iterator_fd(filesystem, top, 0, &iterator_) !=
            BTRFS_UTIL_OK) {
            iterator_ = nullptr;
        }
    }
    ~Iterator() { btrfs_util_destroy_subvolume_iterator(iterator_); }
    Iterator(const Iterator&) = delete;
    Iterator& operator=(const Iterator&) = delete;

    /// False at the end, and where one is deleted meanwhile: the next run looks again.
    bool next(std::string& path, struct btrfs_util_subvolume_info& info) {
        char* name = nullptr;
        if (iterator_ == nullptr ||
            btrfs_util_subvolume_iterator_next_info(iterator_, &name, &info) != BTRFS_UTIL_OK) {
            return false;
        }
        const std::unique_ptr<char, FreeMemory> owned(name);
        path = name;
        return true;
    }

  private:
    btrfs_util_subvolume_iterator* iterator_ = nullptr;
};

bool is_snapshot_of(const struct btrfs_util_subvolume_info& info, const Uuid& source) {
    return Uuid(std::as_bytes(std::span(info.parent_uuid))) == source;
}

}  // namespace

std::vector<std::string> nested_subvolumes(const Uuid& source,
                                           const std::filesystem::path& snapshot_dir) {
    constexpr unsigned most_looked_at = 20'000;  // a few microseconds each
    const sys::UniqueFd fd(::open(snapshot_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        fail(snapshot_dir);
    }
    const auto id = id_of(fd.get(), source);
    if (!id) {
        return {};
    }
    const auto place = place_of(fd.get(), *id, snapshot_dir);
    std::vector<std::string> found;
    Iterator subvolumes(fd.get(), *id);
    std::string path;
    struct btrfs_util_subvolume_info info {};
    for (unsigned count = 0; count < most_looked_at && subvolumes.next(path, info); ++count) {
        const bool is_ours = place.within.contains(info.id) || is_snapshot_of(info, source) ||
                             (!place.path.empty() && path.starts_with(place.path));
        if (info.parent_id == *id && !is_ours) {
            found.push_back(path);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace snapferry::btrfs
