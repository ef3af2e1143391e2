#include "snapferry/sys/btrfs/space_gauge.h"

#include <fcntl.h>
#include <linux/btrfs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

/// A number that the kernel tells; 0 where it does not.
std::uint64_t number_in(const sys::UniqueFd& file) {
    std::array<char, 32> text{};
    const auto count = file ? ::pread(file.get(), text.data(), text.size(), 0) : -1;
    std::uint64_t number = 0;
    if (count > 0) {
        (void)std::from_chars(text.data(), text.data() + count, number);
    }
    return number;
}

sys::UniqueFd open_number(const std::string& file) {
    return sys::UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

std::string allocation_directory(const std::filesystem::path& path) {
    const sys::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    btrfs_ioctl_fs_info_args info{};
    if (!fd || ::ioctl(fd.get(), BTRFS_IOC_FS_INFO, &info) != 0) {
        throw sys::system_failure(ExitCode::receiving,
                                  "measure the space of " + escape_text(path.native()));
    }
    return "/sys/fs/btrfs/" + Uuid(std::as_bytes(std::span(info.fsid))).text() + "/allocation/";
}

/// Linux fs/btrfs/space-info.c, calc_chunk_size(), and volumes.c: a tenth of the disk at most.
std::uint64_t chunk_size(std::uint64_t told, std::uint64_t disk) {
    const auto usual = disk > 50 * gib ? gib : gib / 4;
    return std::min(told == 0 ? usual : told, disk / 10);
}

}  // namespace

SpaceGauge::Kind SpaceGauge::open_kind(const std::string& directory) {
    return {open_number(directory + "total_bytes"),    open_number(directory + "bytes_used"),
            open_number(directory + "bytes_reserved"), open_number(directory + "bytes_pinned"),
            open_number(directory + "bytes_may_use"),  open_number(directory + "disk_total"),
            open_number(directory + "chunk_size")};
}

SpaceGauge::SpaceGauge(const std::filesystem::path& path) : path_(path) {
    const auto directory = allocation_directory(path);
    data_ = open_kind(directory + "data/");
    if (!data_.total) {
        data_ = open_kind(directory + "mixed/");  // a small disk may keep both kinds together
    }
    metadata_ = open_kind(directory + "metadata/");
}

DiskUse SpaceGauge::read() const {
    const auto space = space_of(path_);
    DiskUse use;
    use.free = space.free;
    use.total = space.total;
    const auto data_used = number_in(data_.used) + number_in(data_.reserved);
    use.placed = number_in(data_.reserved);
    use.written = number_in(data_.may_use);
    use.data_unused = number_in(data_.total) - std::min(number_in(data_.total), data_used);
    use.metadata_total = number_in(metadata_.total);
    use.metadata_used =
        number_in(metadata_.used) + number_in(metadata_.reserved) + number_in(metadata_.pinned);
    if (use.metadata_total > 0) {
        use.metadata_copies =
            std::max<std::uint64_t>(number_in(metadata_.disk_total) / use.metadata_total, 1);
    }
    use.metadata_chunk = chunk_size(number_in(metadata_.chunk_size), use.total);
    return use;
}

}  // namespace snapferry::btrfs
