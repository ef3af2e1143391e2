#include "snapferry/core/past/changes.h"

#include <map>

#include "catch.h"

using namespace snapferry;
using namespace snapferry::past;
using manifest::Entry;
using manifest::Kind;

namespace {

struct Thing {
    std::string path;
    std::uint64_t inode = 0;
    std::uint64_t size = 1;
    std::int64_t time = 0;
    char contents = '\0';  ///< '\0': no digest
    Kind kind = Kind::file;
};

/// A backup with these things, in order.
class Tree {
  public:
    explicit Tree(std::vector<Thing> things) : things_(std::move(things)) {}

    Side side(bool has_inodes = true) {
        return {[this] { return next(); }, [this] { return digest(); },
                has_inodes ? [this](const std::string& path) { return inode(path); }
                           : std::function<std::optional<std::uint64_t>(const std::string&)>{}};
    }
    std::size_t read = 0;

  private:
    std::optional<Entry> next() {
        if (place_ == things_.size()) {
            return std::nullopt;
        }
        const auto& thing = things_[place_++];
        Entry entry;
        entry.path = thing.path;
        entry.kind = thing.kind;
        entry.modified.seconds = thing.time;
        if (thing.kind == Kind::file) {
            entry.size = thing.size;
            if (thing.contents != '\0') {
                entry.contents = manifest::Digest{static_cast<std::byte>(thing.contents)};
            }
        }
        return entry;
    }
    manifest::Digest digest() {
        ++read;
        return {static_cast<std::byte>(things_[place_ - 1].inode)};
    }
    std::optional<std::uint64_t> inode(const std::string& path) const {
        for (const auto& thing : things_) {
            if (thing.path == path) {
                return thing.inode;
            }
        }
        return std::nullopt;
    }

    std::vector<Thing> things_;
    std::size_t place_ = 0;
};

std::string told(const Changes& changes) {
    std::string text;
    for (const auto& path : changes.added) {
        text += "+" + path + " ";
    }
    for (const auto& path : changes.deleted) {
        text += "-" + path + " ";
    }
    for (const auto& one : changes.changed) {
        text += one.path + ":";
        for (const auto aspect : one.aspects) {
            text += std::string(manifest::name_of(aspect)) + ",";
        }
        text += " ";
    }
    for (const auto& [from, to] : changes.renamed) {
        text += from + ">" + to + " ";
    }
    return text;
}

std::string between(std::vector<Thing> before, std::vector<Thing> after, bool has_inodes = true) {
    Tree old(std::move(before));
    Tree fresh(std::move(after));
    return told(changes_between(old.side(has_inodes), fresh.side(has_inodes)));
}

}  // namespace

TEST_CASE("what was added, deleted and changed from one backup to another is named") {
    CHECK(between({{"a", 1}}, {{"a", 1}}).empty());
    CHECK(between({}, {{"a", 1}}) == "+a ");
    CHECK(between({{"a", 1}}, {}) == "-a ");
    CHECK(between({{"a", 1}, {"b", 2, 5}}, {{"a", 1}, {"b", 2, 6}}) == "b:size, ");
    CHECK(between({{"a", 1}, {"c", 3}}, {{"b", 2, 9}, {"c", 3}}) == "+b -a ");
}

TEST_CASE("contents are read only of files of one size whose times differ") {
    Tree old({{"a", 1, 5, 1}, {"b", 2, 5, 1}, {"c", 3, 5, 1}, {"d", 4, 5, 1, 'x'}});
    Tree fresh({{"a", 1, 5, 1}, {"b", 2, 5, 2}, {"c", 9, 5, 2}, {"d", 4, 5, 2, 'x'}});
    CHECK(told(changes_between(old.side(), fresh.side())) == "b:time, c:contents,time, d:time, ");
    CHECK(old.read == 2);
    CHECK(fresh.read == 2);
}

TEST_CASE("the time alone of a directory is no change") {
    const Thing before{"d", 1, 0, 1, '\0', Kind::directory};
    auto after = before;
    after.time = 2;
    CHECK(between({before}, {after}).empty());
}

TEST_CASE("what kept its inode, size and time was renamed") {
    CHECK(between({{"a", 1}}, {{"b", 1}}) == "a>b ");
    CHECK(between({{"a", 1, 1, 1}}, {{"b", 1, 1, 2}}) == "+b -a ");
    CHECK(between({{"a", 1, 1}}, {{"b", 1, 2}}) == "+b -a ");
    CHECK(between({{"a", 1}}, {{"b", 2}}) == "+b -a ");
    CHECK(between({{"a", 1, 1, 1, 'x'}}, {{"b", 1, 1, 1, 'y'}}) == "+b -a ");
}

TEST_CASE("what alone has its contents was renamed, and an empty file is like any other") {
    CHECK(between({{"a", 1, 4, 1, 'x'}}, {{"b", 2, 4, 2, 'x'}}) == "a>b ");
    CHECK(between({{"a", 1, 4, 1, 'x'}}, {{"b", 2, 4, 2, 'x'}, {"c", 3, 4, 2, 'x'}}) ==
          "+b +c -a ");
    CHECK(between({{"a", 1, 0, 1, 'x'}}, {{"b", 2, 0, 2, 'x'}}) == "+b -a ");
    CHECK(between({{"a", 1, 4, 1, 'x'}}, {{"b", 2, 4, 2, 'x'}}, false) == "a>b ");
}

TEST_CASE("what moved with its directory is not named") {
    const auto directory = [](const std::string& path) {
        return Thing{path, 10, 0, 1, '\0', Kind::directory};
    };
    CHECK(between({directory("d"), {"d/a", 1}, {"d/b", 2}},
                  {directory("e"), {"e/a", 1}, {"e/c", 2}}) == "d>e d/b>e/c ");
}
