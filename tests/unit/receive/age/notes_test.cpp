#include "snapferry/receive/age/notes.h"

#include <fstream>

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using namespace snapferry::receive;
using snapferry::testing::content_of;
using snapferry::testing::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

void write_text(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file) << text;
}

Uuid some_uuid() {
    return Uuid::parse("0d6e2f84-13b7-4c9a-a5f0-7e8b1c3d5f69").value();
}

}  // namespace

TEST_CASE("a record of time is read as it was written") {
    const TemporaryDirectory directory;
    const auto file = directory / ".clock";
    std::string why;
    CHECK_FALSE(read_clock(file, why));
    ClockRecord record;
    record.counted = CountedTime{5h};
    record.last = {"a boot", 3s, WallTime{-7s}};
    record.gap = 2h;
    record.wall_before_boot = WallTime{9s};
    record.jump = ClockJump{-4h, CountedTime{4h}};
    write_clock(file, record);
    const auto found = read_clock(file, why).value();
    CHECK(why.empty());
    CHECK(found.counted == record.counted);
    CHECK(found.last.boot == "a boot");
    CHECK(found.last.since_boot == 3s);
    CHECK(found.last.wall == record.last.wall);
    CHECK(found.gap == 2h);
    CHECK(found.wall_before_boot == record.wall_before_boot);
    CHECK(found.jump->by == -4h);
    CHECK(found.jump->seen == CountedTime{4h});
}

TEST_CASE("a record that is damaged counts as none, and that is said") {
    const TemporaryDirectory directory;
    const auto file = directory / ".clock";
    write_clock(file, {});
    const auto sound = content_of(file);
    const auto with = [&](const std::string& from, const std::string& to) {
        auto text = sound;
        return text.replace(text.find(from), from.size(), to);
    };
    for (const auto& text :
         {std::string{}, std::string(300, '\0'), sound.substr(0, sound.size() / 2),
          with("\"format\": 1", "\"format\": 2"), with("\"counted\": 0", "\"counted\": -1"),
          with("\"counted\": 0", "\"counted\": 18446744073709551615"),
          with("\"counted\": 0", "\"counted\": 1e3"), with("\"wall\": 0", "\"wall\": null"),
          with("\"gap\": 0", "\"jump\": 3"), std::string(5000, ' ') + sound}) {
        CAPTURE(text);
        write_text(file, text);
        std::string why;
        CHECK_FALSE(read_clock(file, why));
        CHECK_FALSE(why.empty());
    }
}

TEST_CASE("arrivals are read as they were written, and damaged ones count as none") {
    const TemporaryDirectory directory;
    const auto file = directory / "home.arrivals";
    std::string why;
    CHECK(read_arrivals(file, why) == ArrivalBook{});
    ArrivalBook arrivals;
    arrivals.present[some_uuid()] = {
        CountedTime{17h}, {std::chrono::sys_seconds{5s}, -3600s}, {1, 2, 3, 4, 5}, 99};
    arrivals.gone = {Arrival{CountedTime{3h}, {std::chrono::sys_seconds{-5s}, 7200s}}};
    write_arrivals(file, arrivals);
    CHECK(read_arrivals(file, why) == arrivals);
    CHECK(why.empty());
    for (const auto& list :
         {std::string("[]"), std::string("{\"x\": 1}"), "{\"" + some_uuid().text() + "\": -1}"}) {
        write_text(file, "{\"format\": 1, \"arrivals\": " + list + "}");
        why.clear();
        CHECK(read_arrivals(file, why) == ArrivalBook{});
        CHECK_FALSE(why.empty());
    }
}

TEST_CASE("arrivals of an earlier version are read, and an earlier version reads ours") {
    const TemporaryDirectory directory;
    const auto file = directory / "home.arrivals";
    std::string why;
    write_text(file, "{\"format\": 1, \"arrivals\": {\"" + some_uuid().text() + "\": 7}}");
    const auto book = read_arrivals(file, why);
    CHECK(book.present.at(some_uuid()) == Arrival{CountedTime{7ms}});
    write_arrivals(file, book);
    CHECK(content_of(file).find("\"arrivals\":{\"" + some_uuid().text() + "\":7}") !=
          std::string::npos);
}

TEST_CASE("a fact that is not as it was written is not known, and costs no other") {
    const TemporaryDirectory directory;
    const auto file = directory / "home.arrivals";
    const auto id = some_uuid().text();
    for (const std::string facts :
         {"7", "{}", "{\"at\": \"x\", \"offset\": 0}", "{\"at\": 1e300, \"offset\": 0}",
          "{\"at\": 5, \"offset\": 9999999}", "{\"bytes\": -1}"}) {
        write_text(file, "{\"format\": 1, \"arrivals\": {\"" + id + "\": 7}, \"facts\": {\"" + id +
                             "\": " + facts + "}}");
        std::string why;
        CHECK(read_arrivals(file, why).present.at(some_uuid()) == Arrival{CountedTime{7ms}});
        CHECK(why.empty());
    }
    write_text(file, "{\"format\": 1, \"arrivals\": {\"" + id + "\": 7}, \"facts\": {\"" + id +
                         "\": {\"at\": 5, \"offset\": 0, \"periods\": [1, 2, 3, 0, 5]}}}");
    std::string why;
    const auto found = read_arrivals(file, why).present.at(some_uuid());
    CHECK(found.when.at == std::chrono::sys_seconds{5s});
    CHECK(found.periods == PeriodIds{});
}
