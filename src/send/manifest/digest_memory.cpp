#include "snapferry/send/manifest/digest_memory.h"

#include <algorithm>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/tree/inode_state.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

bool have_one_in_common(const std::vector<Uuid>& one, const std::vector<Uuid>& other) {
    return std::ranges::any_of(
        one, [&](const Uuid& uuid) { return std::ranges::find(other, uuid) != other.end(); });
}

}  // namespace

DigestMemory::DigestMemory(std::filesystem::path file, const WantedManifest& of, Log& log)
    : file_(std::move(file)), lineage_(of.lineage), taken_(of.taken), log_(log) {
    try_to_open();
}

void DigestMemory::try_to_open() {
    try {
        known_ = DigestFile::open(file_);
        if (known_ && !have_one_in_common(known_->lineage(), lineage_)) {
            log_.info(
                "the snapshots are of another subvolume than before: everything is read once "
                "for the manifest");
            known_.reset();
        }
        seen_.assign(known_ ? known_->count() : 0, false);
    } catch (const std::exception& error) {
        known_.reset();
        log_.info("{}: everything is read once more for the manifest", error.what());
    }
}

std::optional<sys::InodeDigests> DigestMemory::find(const sys::Walk& walk,
                                                    const sys::Found& found) {
    const auto index = known_ ? known_->find(found.inode) : std::nullopt;
    if (!index) {
        return std::nullopt;
    }
    try {
        const auto record = known_->record(*index);
        const auto state = sys::state_of(walk, found);
        const bool is_file = found.entry.kind == manifest::Kind::file;
        if (!state || record.state != *state || record.contents.has_value() != is_file) {
            return std::nullopt;
        }
        seen_[*index] = true;
        return sys::InodeDigests{record.contents, record.xattrs};
    } catch (const Failure&) {
        return std::nullopt;
    }
}

void DigestMemory::learn(const sys::Walk& walk, const sys::Found& found,
                         const sys::InodeDigests& digests) {
    const auto state = sys::state_of(walk, found);
    if (state && manifest::is_settled(state->changed, taken_)) {
        fresh_.insert_or_assign(found.inode,
                                manifest::DigestRecord{*state, digests.contents, digests.xattrs});
    }
}

/// Seldom enough that it is a small part of the work, however much there is.
void DigestMemory::save_where_it_is_time() {
    constexpr std::chrono::seconds shortest{10};
    constexpr std::size_t most_unsaved = 250'000;  // records, 40 MB
    constexpr int part = 20;
    const auto since = steady_clock::now() - saved_;
    if (fresh_.size() >= most_unsaved ||
        since > std::max<steady_clock::duration>(shortest, part * saving_took_)) {
        save();
    }
}

void DigestMemory::finish() {
    const bool nothing_is_gone = std::ranges::find(seen_, false) == seen_.end();
    if (!fresh_.empty() || !nothing_is_gone) {
        rewrite(true);
    }
}

void DigestMemory::save() {
    if (!fresh_.empty()) {
        rewrite(false);
    }
}

/// The known records that go on to count.
std::vector<std::size_t> DigestMemory::staying(bool without_unseen) const {
    std::vector<std::size_t> indices;
    indices.reserve(seen_.size());
    for (std::size_t index = 0; index < seen_.size(); ++index) {
        if ((seen_[index] || !without_unseen) && !fresh_.contains(known_->inode(index))) {
            indices.push_back(index);
        }
    }
    return indices;
}

void DigestMemory::rewrite(bool without_unseen) {
    const auto began = steady_clock::now();
    try {
        const auto old = staying(without_unseen);
        std::vector<bool> seen;
        seen.reserve(old.size() + fresh_.size());
        DigestFileWriter writer(file_, {old.size() + fresh_.size(), lineage_});
        auto next = fresh_.begin();
        const auto add_fresh_before = [&](std::uint64_t inode) {
            for (; next != fresh_.end() && next->first < inode; ++next) {
                writer.add(next->second);
                seen.push_back(true);
            }
        };
        for (const auto index : old) {
            add_fresh_before(known_->inode(index));
            writer.add(known_->record(index));
            seen.push_back(seen_[index]);
        }
        add_fresh_before(~std::uint64_t{0});
        writer.finish();
        fresh_.clear();
        known_ = without_unseen ? std::nullopt : DigestFile::open(file_);
        seen_ = std::move(seen);
    } catch (const std::exception& error) {
        log_.info("what is known of the contents of files cannot be kept: {}",
                  escape_text(error.what()));
    }
    saved_ = steady_clock::now();
    saving_took_ = saved_ - began;
}

}  // namespace snapferry::send
