#include "snapferry/sys/tree/tree_items.h"

#include "snapferry/sys/tree/contents.h"

namespace snapferry::sys {

std::optional<ItemOnDisk> TreeItems::next() {
    auto found = walk_.next();
    if (!found) {
        return std::nullopt;
    }
    ItemOnDisk next;
    auto& [item, on_disk] = next;
    on_disk = found->on_disk;
    item.attributes =
        read_attributes(walk_.directory(), walk_.name(), code, walk_.shown(found->entry.path));
    item.entry = found->entry;
    item.entry.xattrs = digest_of(item.attributes);
    if (found->links > 1) {
        item.entry.group = group_of(found->inode);
    }
    if (item.entry.kind == manifest::Kind::file) {
        item.fill = [this](int file, const std::string& shown) { fill(file, shown); };
    }
    last_ = std::move(*found);
    return next;
}

void TreeItems::fill(int file, const std::string& shown) const {
    const auto source = open_contents(walk_, last_, code);
    copy_contents(
        source.get(), walk_.shown(last_.entry.path), last_.entry.size.value_or(0), file, shown,
        when_copied_ ? when_copied_ : [](std::uint64_t) {});
}

void TreeItems::read(const TakeData& take) const {
    const auto source = open_contents(walk_, last_, code);
    read_contents(source.get(), walk_.shown(last_.entry.path), last_.entry.size.value_or(0), take);
}

std::uint64_t TreeItems::group_of(std::uint64_t inode) {
    return groups_.try_emplace(inode, groups_.size() + 1).first->second;
}

}  // namespace snapferry::sys
