#include "snapferry/sys/btrfs/extents/tree_search.h"

#include <sys/ioctl.h>

#include <limits>
#include <utility>

#include "snapferry/sys/system_failure.h"

namespace snapferry::btrfs {
namespace {

constexpr std::size_t batch = 128 * 1024;  // bytes of metadata at once; no item is longer

}  // namespace

TreeSearch::TreeSearch(int subvolume, const btrfs_ioctl_search_key& range, std::string purpose)
    : subvolume_(subvolume),
      purpose_(std::move(purpose)),
      buffer_(sizeof(btrfs_ioctl_search_args_v2) + batch),
      key_(range) {
    key_.tree_id = 0;  // of the subvolume that is asked
}

std::optional<TreeSearch::Item> TreeSearch::next() {
    if (left_ == 0) {
        read_on();
    }
    if (left_ == 0) {
        return std::nullopt;
    }
    const auto header = value_at<btrfs_ioctl_search_header>(rest_);
    const auto bytes = rest_.subspan(sizeof header, header.len);
    rest_ = rest_.subspan(sizeof header + header.len);
    --left_;
    if (left_ == 0) {
        move_behind(header);
    }
    return Item{header, bytes};
}

void TreeSearch::seek(std::uint64_t object, std::uint32_t type) {
    key_.min_objectid = object;
    key_.min_type = type;
    key_.min_offset = 0;
    left_ = 0;
    is_at_end_ = false;
}

void TreeSearch::read_on() {
    if (is_at_end_) {
        return;
    }
    btrfs_ioctl_search_args_v2 arguments{};
    arguments.key = key_;
    arguments.key.nr_items = std::numeric_limits<std::uint32_t>::max();
    arguments.buf_size = batch;
    std::memcpy(buffer_.data(), &arguments, sizeof arguments);
    if (::ioctl(subvolume_, BTRFS_IOC_TREE_SEARCH_V2, buffer_.data()) != 0) {
        throw sys::system_failure(ExitCode::sending, purpose_);
    }
    left_ = value_at<btrfs_ioctl_search_args_v2>(buffer_).key.nr_items;
    rest_ = std::span(buffer_).subspan(sizeof arguments);
}

/// The kernel compares whole keys: what follows may be of any type.
void TreeSearch::move_behind(const btrfs_ioctl_search_header& last) {
    constexpr std::uint32_t last_type = 255;
    key_.min_objectid = last.objectid;
    key_.min_type = last.type;
    key_.min_offset = last.offset + 1;
    if (key_.min_offset != 0) {
        return;
    }
    if (last.type < last_type) {
        ++key_.min_type;
        return;
    }
    key_.min_type = 0;
    ++key_.min_objectid;
    is_at_end_ = key_.min_objectid == 0;
}

}  // namespace snapferry::btrfs
