#include "renames.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace snapferry::past {
namespace {

using manifest::Entry;
using manifest::Kind;

constexpr std::size_t none = SIZE_MAX;

/// By what a thing is known again; the value is its place, or `none` where several have the key.
template <typename Key>
class Known {
  public:
    void add(const Key& key, std::size_t place) {
        const auto [found, is_new] = places_.try_emplace(key, place);
        if (!is_new) {
            found->second = none;
        }
    }
    [[nodiscard]] std::size_t find(const Key& key) const {
        const auto found = places_.find(key);
        return found == places_.end() ? none : found->second;
    }
    [[nodiscard]] const std::map<Key, std::size_t>& all() const { return places_; }

  private:
    std::map<Key, std::size_t> places_;
};

using Contents = std::pair<std::uint64_t, manifest::Digest>;

std::optional<Contents> contents_of(const Entry& entry) {
    const bool tells = entry.kind == Kind::file && entry.contents && entry.size.value_or(0) > 0;
    return tells ? std::optional(Contents(*entry.size, *entry.contents)) : std::nullopt;
}

Known<std::uint64_t> by_inode(const std::vector<Entry>& entries, const InodeOf& inode_of) {
    Known<std::uint64_t> known;
    for (std::size_t place = 0; inode_of && place < entries.size(); ++place) {
        if (const auto inode = inode_of(entries[place].path)) {
            known.add(*inode, place);
        }
    }
    return known;
}

Known<Contents> by_contents(const std::vector<Entry>& entries) {
    Known<Contents> known;
    for (std::size_t place = 0; place < entries.size(); ++place) {
        if (const auto contents = contents_of(entries[place])) {
            known.add(*contents, place);
        }
    }
    return known;
}

/// Two trees that have nothing to do with each other have the same inode numbers, too.
bool is_same_thing(const Entry& before, const Entry& after) {
    return before.kind == after.kind && before.size == after.size &&
           before.modified == after.modified && before.contents == after.contents &&
           before.target == after.target;
}

class Pairs {
  public:
    Pairs(const std::vector<Entry>& deleted, const std::vector<Entry>& added)
        : deleted_(deleted), added_(added) {}

    template <typename Key, typename Fits>
    void match(const Known<Key>& before, const Known<Key>& after, const Fits& fits) {
        for (const auto& [key, old] : before.all()) {
            const auto fresh = after.find(key);
            if (old != none && fresh != none && !old_.contains(old) && !fresh_.contains(fresh) &&
                fits(deleted_[old], added_[fresh])) {
                old_.insert(old);
                fresh_.insert(fresh);
                pairs_.push_back({deleted_[old].path, added_[fresh].path});
            }
        }
    }

    [[nodiscard]] const std::set<std::size_t>& old() const { return old_; }
    [[nodiscard]] const std::set<std::size_t>& fresh() const { return fresh_; }
    [[nodiscard]] std::vector<Renamed> take() { return std::move(pairs_); }

  private:
    const std::vector<Entry>& deleted_;
    const std::vector<Entry>& added_;
    std::set<std::size_t> old_;
    std::set<std::size_t> fresh_;
    std::vector<Renamed> pairs_;
};

void take_out(std::vector<Entry>& entries, const std::set<std::size_t>& places) {
    std::vector<Entry> rest;
    rest.reserve(entries.size() - places.size());
    for (std::size_t place = 0; place < entries.size(); ++place) {
        if (!places.contains(place)) {
            rest.push_back(std::move(entries[place]));
        }
    }
    entries = std::move(rest);
}

std::string_view directory_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view name_in(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

/// What moved with its directory.
std::vector<Renamed> without_those_inside(std::vector<Renamed> pairs) {
    std::map<std::string, std::string, std::less<>> moved;
    for (const auto& [from, to] : pairs) {
        moved.emplace(from, to);
    }
    std::erase_if(pairs, [&](const Renamed& pair) {
        const auto above = moved.find(directory_of(pair.from));
        return above != moved.end() && above->second == directory_of(pair.to) &&
               name_in(pair.from) == name_in(pair.to);
    });
    std::ranges::sort(pairs, [](const Renamed& a, const Renamed& b) {
        return manifest::stands_before(a.from, b.from);
    });
    return pairs;
}

}  // namespace

std::vector<Renamed> take_renames(std::vector<Entry>& deleted, const InodeOf& inode_before,
                                  std::vector<Entry>& added, const InodeOf& inode_after) {
    if (deleted.empty() || added.empty()) {
        return {};
    }
    Pairs pairs(deleted, added);
    pairs.match(by_inode(deleted, inode_before), by_inode(added, inode_after), is_same_thing);
    pairs.match(by_contents(deleted), by_contents(added),
                [](const Entry&, const Entry&) { return true; });
    take_out(deleted, pairs.old());
    take_out(added, pairs.fresh());
    return without_those_inside(pairs.take());
}

}  // namespace snapferry::past
