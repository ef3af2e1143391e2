#include "snapferry/send/link/acquaintance.h"

#include <string>
#include <vector>

#include "catch.h"
#include "temporary_directory.h"

using namespace snapferry;
using send::Acquaintance;
using snapferry::testing::content_of;
using snapferry::testing::TemporaryDirectory;

namespace {

class Warnings final : public Log {
  public:
    void write(Severity severity, std::string_view line) override {
        if (severity == Severity::warning)
            lines.emplace_back(line);
    }
    std::vector<std::string> lines;
};

ssh::Destination destination(std::string host, unsigned port) {
    ssh::Destination made;
    made.host = std::move(host);
    made.port = port;
    return made;
}

}  // namespace

TEST_CASE("who has spoken is known from then on, by host, port and tag") {
    const TemporaryDirectory directory;
    const auto place = directory / "state" / "receivers";
    const auto home = Tag::parse("home");
    Warnings log;
    const Acquaintance met(destination("pi.lan", 22), home, place);
    CHECK(met.has_spoken() == HasSpoken::never);
    met.note_that_it_speaks(log);
    met.note_that_it_speaks(log);
    CHECK(log.lines.empty());
    CHECK(Acquaintance(destination("pi.lan", 22), home, place).has_spoken() == HasSpoken::yes);
    for (const auto& [host, port, tag] :
         std::vector<std::tuple<const char*, unsigned, const char*>>{{"pi2.lan", 22, "home"},
                                                                     {"pi.lan", 2222, "home"},
                                                                     {"pi.lan", 22, "photos"},
                                                                     {"../pi.lan", 22, "home"},
                                                                     {"fe80::1%eth0", 22, "home"}})
        CHECK(Acquaintance(destination(host, port), Tag::parse(tag), place).has_spoken() ==
              HasSpoken::never);
}

TEST_CASE("what cannot be remembered is a warning, and then not known") {
    const TemporaryDirectory directory;
    const auto no_directory = directory.file("in the way", "a file");
    Warnings log;
    const Acquaintance met(destination("pi.lan", 22), Tag::parse("home"), no_directory);
    CHECK(met.has_spoken() == HasSpoken::not_known);
    met.note_that_it_speaks(log);
    CHECK(log.lines.size() == 1);
    CHECK(met.has_spoken() == HasSpoken::not_known);
}
