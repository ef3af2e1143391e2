#include "snapferry/core/past/changes.h"

#include <algorithm>
#include <utility>

#include "renames.h"

namespace snapferry::past {
namespace {

using manifest::Aspect;
using manifest::Entry;
using manifest::Kind;

/// Neither has a digest, and size and time leave it open.
bool is_open(const Entry& before, const Entry& after) {
    return before.kind == Kind::file && after.kind == Kind::file && !before.contents &&
           !after.contents && before.size == after.size && before.modified != after.modified;
}

bool says_nothing(const Entry& entry, const std::vector<Aspect>& aspects) {
    return entry.kind == Kind::directory && aspects == std::vector{Aspect::time};
}

/// Goes through both sides at once.
class Merge {
  public:
    Merge(const Side& before, const Side& after) : before_(before), after_(after) {}

    void run() {
        auto old = before_.next();
        auto fresh = after_.next();
        while (old || fresh) {
            if (!fresh || (old && manifest::stands_before(old->path, fresh->path))) {
                deleted.push_back(std::move(*old));
                old = before_.next();
            } else if (!old || manifest::stands_before(fresh->path, old->path)) {
                added.push_back(std::move(*fresh));
                fresh = after_.next();
            } else {
                compare(*old, *fresh);
                old = before_.next();
                fresh = after_.next();
            }
        }
    }

    std::vector<Entry> deleted;
    std::vector<Entry> added;
    std::vector<Changed> changed;

  private:
    void compare(Entry& old, Entry& fresh) {
        if (is_open(old, fresh) && before_.contents && after_.contents) {
            old.contents = before_.contents();
            fresh.contents = after_.contents();
        }
        auto difference = manifest::difference(old, fresh);
        if (difference && !says_nothing(fresh, difference->aspects)) {
            changed.push_back({std::move(difference->path), std::move(difference->aspects)});
        }
    }

    const Side& before_;
    const Side& after_;
};

std::vector<std::string> paths_of(const std::vector<Entry>& entries) {
    std::vector<std::string> paths;
    paths.reserve(entries.size());
    for (const auto& entry : entries) {
        paths.push_back(entry.path);
    }
    return paths;
}

}  // namespace

Changes changes_between(const Side& before, const Side& after) {
    Merge merge(before, after);
    merge.run();
    Changes changes;
    changes.renamed = take_renames(merge.deleted, before.inode, merge.added, after.inode);
    changes.deleted = paths_of(merge.deleted);
    changes.added = paths_of(merge.added);
    changes.changed = std::move(merge.changed);
    return changes;
}

}  // namespace snapferry::past
