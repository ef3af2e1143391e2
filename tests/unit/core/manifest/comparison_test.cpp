#include "snapferry/core/manifest/comparison.h"

#include "catch.h"
#include "core/manifest/sample.h"

using namespace snapferry::manifest;
using namespace snapferry::manifest::testing;

namespace {

Next each_of(const std::vector<Entry>& entries) {
    return [&entries, place = std::size_t{0}]() mutable -> std::optional<Entry> {
        return place < entries.size() ? std::optional(entries[place++]) : std::nullopt;
    };
}

std::vector<Difference> differences(const std::vector<Entry>& expected,
                                    const std::vector<Entry>& found) {
    std::vector<Difference> all;
    Comparison comparison([&](const Difference& one) { all.push_back(one); });
    comparison.run(each_of(expected), each_of(found));
    CHECK(comparison.differences() == all.size());
    return all;
}

std::vector<Entry> changed(std::size_t place, const std::function<void(Entry&)>& change) {
    auto entries = tree();
    change(entries.at(place));
    return entries;
}

}  // namespace

TEST_CASE("the same tree does not differ") {
    CHECK(differences(tree(), tree()).empty());
    CHECK(differences(tree(), changed(0, [](Entry& top) { top.modified.seconds = 5; })).empty());
}

TEST_CASE("each kind of difference is named, with its path") {
    const auto one = [](std::size_t place, const std::function<void(Entry&)>& change,
                        Aspect aspect) {
        CAPTURE(place, name_of(aspect));
        CHECK(differences(tree(), changed(place, change)) ==
              std::vector{Difference{tree()[place].path, {aspect}}});
    };
    one(
        4, [](Entry& entry) { entry.contents = digest_of(9); }, Aspect::contents);
    one(
        4, [](Entry& entry) { entry.size = 4; }, Aspect::size);
    one(
        4, [](Entry& entry) { entry.mode = 04644; }, Aspect::mode);
    one(
        4, [](Entry& entry) { entry.uid = 1; }, Aspect::owner);
    one(
        4, [](Entry& entry) { entry.gid = 1; }, Aspect::owner);
    one(
        4, [](Entry& entry) { entry.modified.nanoseconds++; }, Aspect::time);
    one(
        4, [](Entry& entry) { entry.xattrs = digest_of(1); }, Aspect::xattrs);
    one(
        2, [](Entry& entry) { entry.xattrs = {}; }, Aspect::xattrs);
    one(
        2, [](Entry& entry) { entry.group = {}; }, Aspect::links);
    one(
        5, [](Entry& entry) { entry.device->minor = 2; }, Aspect::device);
    one(
        5, [](Entry& entry) { entry.kind = Kind::character_device; }, Aspect::kind);
    one(
        7, [](Entry& entry) { entry.target = "x"; }, Aspect::target);
    one(
        1, [](Entry& entry) { entry.modified = {}; }, Aspect::time);
    one(
        0, [](Entry& entry) { entry.mode = 0777; }, Aspect::mode);
}

TEST_CASE("what is missing or too much is told, wherever it is") {
    for (std::size_t place = 0; place < tree().size(); ++place) {
        auto less = tree();
        less.erase(less.begin() + static_cast<std::ptrdiff_t>(place));
        const Difference missing{tree()[place].path, {Aspect::missing}};
        const Difference extra{tree()[place].path, {Aspect::extra}};
        CHECK(differences(tree(), less) == std::vector{missing});
        CHECK(differences(less, tree()) == std::vector{extra});
    }
}

TEST_CASE("groups of names are the same whatever their numbers are") {
    auto renumbered = tree();
    renumbered[2].group = renumbered[3].group = 7;
    CHECK(differences(tree(), renumbered).empty());
    renumbered[3].group = 8;
    CHECK(differences(tree(), renumbered) ==
          std::vector{Difference{tree()[3].path, {Aspect::links}}});
    CHECK(differences(renumbered, tree()) ==
          std::vector{Difference{tree()[3].path, {Aspect::links}}});
}
