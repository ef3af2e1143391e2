#pragma once

#include <linux/btrfs.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace snapferry::btrfs {

/// The items of a subvolume's own tree as they lie, in the order of their keys (object, type,
/// offset): read in large pieces, each once. All numbers of the disk are little-endian, and so is
/// every machine that this runs on.
class TreeSearch {
  public:
    /// `subvolume`: a descriptor of its root, which stays open. `range`: from where to where, and
    /// from which transaction on. `purpose`: what a Failure says could not be done.
    TreeSearch(int subvolume, const btrfs_ioctl_search_key& range,
               std::string purpose = "look for the extents of files");

    struct Item {
        btrfs_ioctl_search_header header;
        std::span<const std::byte> bytes;  ///< good until the next call
    };

    /// Nothing at the end of the range. Throws Failure (sending).
    std::optional<Item> next();

    /// True where next() has one without asking the kernel.
    [[nodiscard]] bool has_at_hand() const { return left_ > 0; }

    /// From here on the items from that key on.
    void seek(std::uint64_t object, std::uint32_t type);

  private:
    void read_on();
    void move_behind(const btrfs_ioctl_search_header& last);

    int subvolume_;
    std::string purpose_;
    std::vector<std::byte> buffer_;
    std::span<const std::byte> rest_;  ///< of what was read
    std::uint32_t left_ = 0;           ///< items in it
    btrfs_ioctl_search_key key_;       ///< from where to read on
    bool is_at_end_ = false;
};

/// What the bytes begin with; zero from where they end.
template <typename Value>
Value value_at(std::span<const std::byte> bytes) {
    Value value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

}  // namespace snapferry::btrfs
