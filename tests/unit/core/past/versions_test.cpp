#include "snapferry/core/past/versions.h"

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/past/path.h"

using namespace snapferry::past;

namespace {

/// A letter a backup, the oldest first: the same letter is the same version, "-" is none.
std::vector<Sighting> sightings(const std::string& letters) {
    std::vector<Sighting> made;
    for (const char letter : letters) {
        made.push_back({std::to_string(made.size()),
                        letter == '-'
                            ? std::nullopt
                            : std::optional(Seen{{}, static_cast<std::uint64_t>(letter), {}})});
    }
    return made;
}

std::string told(const std::vector<Version>& versions) {
    std::string text;
    for (const auto& one : versions) {
        text += one.seen ? std::string(1, static_cast<char>(one.seen->size)) : "-";
        text += std::to_string(one.backups) + ":" + one.first + "-" + one.last + " ";
    }
    return text;
}

}  // namespace

TEST_CASE("versions are what differs from backup to backup") {
    const auto [letters, expected] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"---", ""},
        {"a", "a1:0-0 "},
        {"aaa", "a3:0-2 "},
        {"--aab", "a2:2-3 b1:4-4 "},
        {"ab--", "a1:0-0 b1:1-1 -2:2-3 "},
        {"a-a", "a1:0-0 -1:1-1 a1:2-2 "},
        {"aba", "a1:0-0 b1:1-1 a1:2-2 "},
    }));
    CAPTURE(letters);
    CHECK(told(versions_of(sightings(letters))) == expected);
}

TEST_CASE("kind, size and time tell versions apart") {
    using snapferry::manifest::Kind;
    const Seen seen{Kind::file, 5, {7, 8}};
    for (const auto& other : {Seen{Kind::fifo, 5, {7, 8}}, Seen{Kind::file, 6, {7, 8}},
                              Seen{Kind::file, 5, {8, 8}}, Seen{Kind::file, 5, {7, 9}}}) {
        const std::vector<Sighting> two{{"a", seen}, {"b", other}};
        CHECK(versions_of(two).size() == 2);
    }
}

TEST_CASE("a path within a backup may be written in several ways") {
    const auto [written, expected] = GENERATE(table<std::string, std::string>({
        {"a/b", "a/b"},
        {"/a/b/", "a/b"},
        {"./a//b/.", "a/b"},
        {"", ""},
        {".", ""},
        {"/", ""},
        {"...", "..."},
        {"a\\b", "a\\b"},
    }));
    CHECK(path_within(written) == expected);
    CHECK_THROWS_AS(path_within("a/../b"), snapferry::Failure);
    CHECK_THROWS_AS(path_within(std::string("a\0b", 3)), snapferry::Failure);
}

TEST_CASE("what lies in a directory") {
    CHECK(lies_in("a/b", "a"));
    CHECK(lies_in("a", "a"));
    CHECK(lies_in("a", ""));
    CHECK_FALSE(lies_in("ab", "a"));
    CHECK_FALSE(lies_in("a", "a/b"));
}
