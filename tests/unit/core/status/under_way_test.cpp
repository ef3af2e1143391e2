#include "snapferry/core/status/under_way.h"

#include "catch.h"

using namespace snapferry;

namespace {

constexpr std::uint64_t mib = 1 << 20;

}  // namespace

TEST_CASE("a run that is under way says how far it is, as far as that is known") {
    UnderWay at{UnderWay::Phase::sending, "a-@daily", 340'000 * mib, 108 * mib, 1'000'000 * mib};
    CHECK(text_of(at) == "sending 34 % 108 MiB/s about 1 h");
    CHECK(text_of(at, true) == "sending 34 % about 1 h");
    at.whole.reset();
    CHECK(text_of(at) == "sending 332.0 GiB 108 MiB/s");
    at.rate = 0;
    at.done = 0;
    CHECK(text_of(at) == "sending");
    at.phase = UnderWay::Phase::connecting;
    CHECK(text_of(at) == "connecting");
    at = {UnderWay::Phase::receiving, "", 2000, 1, 1000};
    CHECK(text_of(at) == "receiving 99 % 1 B/s");
}

TEST_CASE("a note of progress is read as it was written, and what is none is none") {
    const ProgressNote note{{4711, 123456}, {UnderWay::Phase::comparing, "odd \"name\n", 1, 2, 3}};
    CHECK(parse_note(note_text(note)) == note);
    auto without = note;
    without.at.whole.reset();
    CHECK(parse_note(note_text(without)) == without);
    for (const auto* text :
         {"", "{", "[]", "{}", R"({"process":1,"started":2,"phase":"flying",
             "snapshot":"","done":0,"rate":0})",
          R"({"process":-1,"started":2,"phase":"sending","snapshot":"","done":0,"rate":0})"})
        CHECK_FALSE(parse_note(text));
}
