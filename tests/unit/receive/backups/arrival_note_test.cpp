#include "snapferry/receive/backups/arrival_note.h"

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace std::chrono_literals;
using snapferry::testing::TemporaryDirectory;

TEST_CASE("that something arrived is noted for each tag, with the time") {
    const TemporaryDirectory directory;
    const auto notes = directory / "snapferry" / "arrivals";
    CHECK(receive::noted_arrivals(notes).empty());
    receive::note_arrival(notes, Tag::parse("home"));
    receive::note_arrival(notes, Tag::parse("music"));
    receive::note_arrival(notes, Tag::parse("home"));
    const auto found = receive::noted_arrivals(notes);
    REQUIRE(found.size() == 2);
    const auto age = std::chrono::system_clock::now() - found.at("home");
    CHECK(age > -10s);
    CHECK(age < 1h);
    CHECK(found.contains("music"));
}

TEST_CASE("what cannot be a note of an arrival is passed over") {
    const TemporaryDirectory directory;
    (void)directory.file("home.new", "");
    (void)directory.file("a b", "");
    CHECK(receive::noted_arrivals(directory.path()).empty());
}
