#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::sys {

std::optional<manifest::Entry> TreeEntries::next() {
    auto found = walk_.next();
    if (!found) {
        return std::nullopt;
    }
    auto& entry = found->entry;
    auto* const group = found->links > 1 ? &group_of(*found) : nullptr;
    const auto digests = group != nullptr && group->digests ? *group->digests : digests_of(*found);
    entry.contents = digests.contents;
    entry.xattrs = digests.xattrs;
    if (group != nullptr) {
        entry.group = group->number;
        group->digests = digests;
        forget_where_complete(found->inode);
    }
    return std::move(entry);
}

InodeDigests TreeEntries::digests_of(const Found& found) {
    if (known_ != nullptr) {
        if (const auto known = known_->find(walk_, found)) {
            return *known;
        }
    }
    InodeDigests digests;
    digests.xattrs = attributes_of(walk_, found, code_);
    if (found.entry.kind == manifest::Kind::file) {
        digests.contents = contents_of(walk_, found, code_, when_read_);
    }
    if (known_ != nullptr) {
        known_->learn(walk_, found, digests);
    }
    return digests;
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
