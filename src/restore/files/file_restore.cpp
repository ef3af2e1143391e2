#include "snapferry/restore/files/file_restore.h"

#include <fcntl.h>

#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/sys/tree/contents.h"
#include "snapferry/sys/tree/writing/tree_writer.h"

namespace snapferry::restore {
namespace {

using manifest::Aspect;
using manifest::Entry;
using manifest::Kind;

/// What is one entry's own trouble. Anything else ends the restore.
bool lets_others_go_on(const Failure& failure) {
    return failure.code() == ExitCode::incomplete || failure.code() == ExitCode::sending;
}

}  // namespace

FileRestore::FileRestore(const sys::Destination& destination, Overwrite overwrite, bool whole,
                         RestoreListener& listener)
    : destination_(destination),
      overwrite_(overwrite),
      dress_top_(whole && (destination.is_new() || !destination.is_there() ||
                           destination.is_unfinished(""))),
      listener_(listener) {
    if (destination.is_new() && whole) {
        destination.mark();
    }
}

RestoreCounts FileRestore::look(const NextItem& next) {
    return decide(next, {});
}

RestoreCounts FileRestore::decide(const NextItem& next,
                                  const std::function<void(Action action)>& tell) {
    begin();
    RestoreCounts counts;
    while (const auto item = take_next(next, counts)) {
        const auto planned = plan(item->item.entry);
        count(counts, *item, planned);
        const auto action = planned.decision.action;
        if (!planned.passed_over && (action == Action::leave || action == Action::refuse)) {
            listener_.left_alone(item->item.entry.path, planned.decision.differs);
        }
        if (tell) {
            decided_.push_back(action);
            tell(action);
        }
    }
    return counts;
}

RestoreCounts FileRestore::write(const NextItem& next) {
    try {
        return write_all(next);
    } catch (const Failure& failure) {
        throw Failure(failure.code(), failure.what(),
                      failure.hint().empty()
                          ? "what is there is whole, and the same command goes on from there"
                          : failure.hint());
    }
}

RestoreCounts FileRestore::write_all(const NextItem& next) {
    if (decided_.empty()) {
        begin();
    }
    RestoreCounts counts;
    sys::TreeWriter writer(destination_, [&](const std::string& path, const Failure& failure) {
        note_failure(counts, path, failure);
    });
    while (const auto item = take_next(next, counts)) {
        const auto& path = item->item.entry.path;
        try {
            const auto planned = this->planned(item->item.entry);
            count(counts, *item, planned);
            if (!planned.passed_over) {
                writer.write(item->item, planned.decision.action);
            }
        } catch (const Failure& failure) {
            if (!lets_others_go_on(failure)) {
                throw;
            }
            note_failure(counts, path, failure);
        }
    }
    writer.finish();
    left_out_ = writer.left_out();
    first_left_out_ = writer.first_left_out();
    return counts;
}

/// What cannot be read is passed over; the walk goes on behind it.
std::optional<sys::ItemOnDisk> FileRestore::take_next(const NextItem& next, RestoreCounts& counts) {
    for (;;) {
        listener_.stop_if_asked();
        try {
            return next();
        } catch (const Failure& failure) {
            if (failure.code() != ExitCode::sending) {
                throw;
            }
            note_failure(counts, {}, failure);
        }
    }
}

void FileRestore::begin() {
    not_ours_.clear();
    merged_.clear();
    inode_of_group_.clear();
}

/// As it was decided, where it was; the writer replaces nothing that it was not told to.
FileRestore::Planned FileRestore::planned(const Entry& entry) {
    if (decided_.empty()) {
        return plan(entry);
    }
    const auto action = decided_.at(next_decided_++);
    return {{action, {}}, action == Action::leave && is_passed_over(sys::parent_of(entry.path))};
}

FileRestore::Planned FileRestore::plan(const Entry& entry) {
    if (is_passed_over(entry.path)) {
        return {{Action::leave, {}}, true};
    }
    if (entry.path.empty()) {
        const auto action = dress_top_ ? Action::dress : Action::merge;
        if (action == Action::merge) {
            merged_.insert(entry.path);
        }
        return {{action, {}}};
    }
    Planned planned{restore::decide(overwrite_, entry, look_at(entry))};
    const auto action = planned.decision.action;
    if (entry.group && (action == Action::make || action == Action::replace)) {
        inode_of_group_[*entry.group] = 0;  // it will be another
    } else if (entry.group && action == Action::leave) {
        inode_of_group_.erase(*entry.group);
    }
    if (action == Action::leave || action == Action::refuse) {
        not_ours_.insert(entry.path);
    } else if (action == Action::merge) {
        merged_.insert(entry.path);
    }
    return planned;
}

/// A later name of an inode belongs to the first, where that is there as it should be.
std::optional<There> FileRestore::look_at(const Entry& entry) {
    auto found = destination_.look_at(entry.path);
    if (!found) {
        return std::nullopt;
    }
    There there{std::move(found->entry)};
    if (entry.kind == Kind::directory) {
        there.unfinished = destination_.is_unfinished(entry.path);
    }
    if (entry.group) {
        const auto first = inode_of_group_.try_emplace(*entry.group, found->inode).first;
        there.apart = first->second != found->inode;
    }
    return there;
}

void FileRestore::count(RestoreCounts& counts, const sys::ItemOnDisk& item,
                        const Planned& planned) {
    const auto& entry = item.item.entry;
    const auto action = planned.decision.action;
    if (action == Action::leave || action == Action::refuse) {
        ++counts.left;
        return;
    }
    if (entry.kind == Kind::directory) {
        counts.directories += action == Action::make ? 1 : 0;
        return;
    }
    if (action == Action::keep) {
        ++counts.there;
        return;
    }
    ++(action == Action::make ? counts.made : counts.replaced);
    counts.bytes += entry.size.value_or(0);
    counts.on_disk += item.on_disk;
}

void FileRestore::note_failure(RestoreCounts& counts, const std::string& path,
                               const Failure& failure) {
    ++counts.failed;
    if (!path.empty()) {
        not_ours_.insert(path);
    }
    listener_.failed(path, failure.what());
}

bool FileRestore::is_passed_over(const std::string& path) const {
    for (auto above = path; !above.empty(); above = sys::parent_of(above)) {
        if (not_ours_.contains(above)) {
            return true;
        }
    }
    return false;
}

std::uint64_t FileRestore::compare(const manifest::Next& expected, const NextPath& came) {
    std::uint64_t compared = 0;
    inode_of_group_.clear();
    auto path = came();
    while (const auto entry = expected()) {
        listener_.stop_if_asked();
        for (; path && manifest::stands_before(*path, entry->path); path = came()) {
            note_extra(*path);
        }
        if (path == entry->path) {
            path = came();
        }
        if (!is_passed_over(entry->path)) {
            compare_one(*entry);
            ++compared;
        }
    }
    for (; path; path = came()) {
        note_extra(*path);
    }
    return compared;
}

void FileRestore::note_extra(const std::string& path) {
    if (!is_passed_over(path)) {
        ++differences_;
        listener_.differs({path, {Aspect::extra}});
    }
}

void FileRestore::compare_one(const Entry& expected) {
    try {
        const auto found = read_again(expected);
        const auto difference = found ? manifest::difference(expected, *found)
                                      : manifest::Difference{expected.path, {Aspect::missing}};
        if (difference) {
            ++differences_;
            listener_.differs(*difference);
        }
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::interrupted) {
            throw;
        }
        ++differences_;
        listener_.failed(expected.path, failure.what());
    }
}

/// As it is on the disk: what was written is no longer in memory once it is synced and let go.
std::optional<Entry> FileRestore::read_again(const Entry& expected) {
    auto found = destination_.look_at(expected.path);
    if (!found) {
        return std::nullopt;
    }
    auto& entry = found->entry;
    if (entry.kind == Kind::file && expected.kind == Kind::file) {
        const auto file = destination_.open(expected.path, O_RDONLY | O_NONBLOCK);
        if (!file) {
            throw sys::failure_at("open", destination_.shown(expected.path));
        }
        entry.contents = sys::contents_of(
            file.get(), ExitCode::receiving, destination_.shown(expected.path),
            [&](std::size_t bytes) {
                listener_.went_on(bytes);
                listener_.stop_if_asked();
            },
            sys::ReadFrom::disk);
    }
    if (expected.group) {  // a part of a tree may have one name of an inode only
        const auto first = inode_of_group_.try_emplace(*expected.group, found->inode).first;
        entry.group = first->second == found->inode ? expected.group : std::nullopt;
    }
    if (merged_.contains(expected.path) && entry.kind == expected.kind) {
        return expected;
    }
    if (expected.path.empty()) {  // `btrfs receive` itself moves the top's time
        entry.modified = expected.modified;
    }
    return entry;
}

}  // namespace snapferry::restore
