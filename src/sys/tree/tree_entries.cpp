#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::sys {

std::optional<manifest::Entry> TreeEntries::next() {
    auto found = walk_.next();
    if (!found) {
        return std::nullopt;
    }
    auto& entry = found->entry;
    entry.xattrs = attributes_of(walk_, *found, code_);
    auto* const group = found->links > 1 ? &group_of(*found) : nullptr;
    if (entry.kind == manifest::Kind::file) {
        entry.contents = group != nullptr && group->contents
                             ? group->contents
                             : contents_of(walk_, *found, code_, when_read_);
    }
    if (group != nullptr) {
        entry.group = group->number;
        group->contents = entry.contents;
        forget_where_complete(found->inode);
    }
    return std::move(entry);
}

TreeEntries::Group& TreeEntries::group_of(const Found& found) {
    const auto [place, is_new] = groups_.try_emplace(found.inode);
    if (is_new) {
        place->second = {++last_group_, {}, found.links};
    }
    return place->second;
}

/// A tree may hold millions of inodes with two names; few of them are open at a time.
void TreeEntries::forget_where_complete(std::uint64_t inode) {
    const auto place = groups_.find(inode);
    if (--place->second.names_to_come == 0) {
        groups_.erase(place);
    }
}

manifest::Summary write_manifest(const std::filesystem::path& top, ExitCode code,
                                 const manifest::Writer::Take& take, const WhenRead& when_read) {
    TreeEntries entries(top, code, when_read);
    manifest::Writer writer(take);
    while (const auto entry = entries.next()) {
        writer.add(*entry);
    }
    return writer.finish();
}

}  // namespace snapferry::sys
