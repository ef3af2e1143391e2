#include "snapferry/core/restore/overwrite.h"

#include "catch.h"

using namespace snapferry;
using namespace snapferry::restore;
using manifest::Aspect;
using manifest::Entry;
using manifest::Kind;

namespace {

Entry file(std::uint64_t size, std::uint32_t nanoseconds = 5) {
    Entry entry;
    entry.path = "file";
    entry.mode = 0644;
    entry.size = size;
    entry.modified = {100, nanoseconds};
    return entry;
}

Entry directory() {
    Entry entry;
    entry.path = "file";
    entry.kind = Kind::directory;
    entry.mode = 0755;
    return entry;
}

Action action(Overwrite overwrite, const Entry& wanted, const std::optional<There>& there) {
    return decide(overwrite, wanted, there).action;
}

constexpr std::array all{Overwrite::never, Overwrite::changed, Overwrite::always};

}  // namespace

TEST_CASE("what is not there is made, whatever may be overwritten") {
    for (const auto overwrite : all)
        CHECK(action(overwrite, file(3), std::nullopt) == Action::make);
}

TEST_CASE("what is there and the same is kept, unless always is said") {
    CHECK(action(Overwrite::never, file(3), There{file(3)}) == Action::keep);
    CHECK(action(Overwrite::changed, file(3), There{file(3)}) == Action::keep);
    CHECK(action(Overwrite::always, file(3), There{file(3)}) == Action::replace);
}

TEST_CASE("contents are not looked at: a manifest knows a digest, a look knows none") {
    auto wanted = file(3);
    wanted.contents = manifest::Digest{};
    wanted.group = 7;
    CHECK(action(Overwrite::never, wanted, There{file(3)}) == Action::keep);
}

TEST_CASE("what differs in anything is left, or replaced where that was said") {
    auto other_mode = file(3);
    other_mode.mode = 04644;
    auto other_owner = file(3);
    other_owner.uid = 1;
    auto other_attributes = file(3);
    other_attributes.xattrs = manifest::Digest{};
    Entry link;
    link.kind = Kind::symlink;
    link.target = "/etc/shadow";
    for (const auto& there :
         {There{file(4)}, There{file(3, 6)}, There{other_mode}, There{other_owner},
          There{other_attributes}, There{link}, There{file(3), false, true}}) {
        CHECK(action(Overwrite::never, file(3), there) == Action::leave);
        CHECK(action(Overwrite::changed, file(3), there) == Action::replace);
        CHECK(action(Overwrite::always, file(3), there) == Action::replace);
    }
    CHECK(decide(Overwrite::never, file(3), There{file(4)}).differs == std::vector{Aspect::size});
    CHECK(decide(Overwrite::never, file(3), There{link}).differs == std::vector{Aspect::kind});
    CHECK(decide(Overwrite::never, file(3), There{file(3), false, true}).differs ==
          std::vector{Aspect::links});
}

TEST_CASE("a directory is never deleted for something else, nor the reverse") {
    Entry link;
    link.kind = Kind::symlink;
    for (const auto overwrite : all) {
        CHECK(action(overwrite, file(3), There{directory()}) == Action::refuse);
        CHECK(action(overwrite, directory(), There{file(3)}) == Action::refuse);
        CHECK(action(overwrite, directory(), There{link}) == Action::refuse);
    }
}

TEST_CASE("a directory that was there stays as it is, one that a restore was making does not") {
    CHECK(action(Overwrite::never, directory(), There{directory()}) == Action::merge);
    CHECK(action(Overwrite::never, directory(), There{directory(), true}) == Action::dress);
    CHECK(action(Overwrite::changed, directory(), There{directory()}) == Action::dress);
    CHECK(action(Overwrite::always, directory(), There{directory()}) == Action::dress);
}

TEST_CASE("no other word says what may be overwritten") {
    CHECK(parse_overwrite("never") == Overwrite::never);
    CHECK(parse_overwrite("changed") == Overwrite::changed);
    CHECK(parse_overwrite("always") == Overwrite::always);
    for (const auto* const word : {"", "Never", "yes", "always "})
        CHECK_FALSE(parse_overwrite(word));
}
