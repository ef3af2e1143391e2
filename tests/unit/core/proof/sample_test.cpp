#include "snapferry/core/proof/sample.h"

#include <fmt/format.h>

#include <map>
#include <random>
#include <string>

#include "catch.h"

namespace snapferry::proof {
namespace {

manifest::Entry file(const std::string& path, std::uint64_t size) {
    manifest::Entry entry;
    entry.path = path;
    entry.size = size;
    return entry;
}

Random seeded(unsigned seed) {
    return
        [engine = std::mt19937_64(seed)](std::uint64_t below) mutable { return engine() % below; };
}

TEST_CASE("Each file is drawn about as often as each other") {
    std::map<std::string, int> times;
    Random random = seeded(1);
    constexpr int draws = 2000;
    for (int draw = 0; draw < draws; ++draw) {
        Sample sample(5, 1000, random);
        random = seeded(static_cast<unsigned>(draw));
        for (int number = 0; number < 20; ++number) {
            sample.offer(file(fmt::format("{:02}", number), 1));
        }
        const auto drawn = sample.drawn();
        CHECK(drawn.size() == 5);
        for (std::size_t index = 0; index < drawn.size(); ++index) {
            ++times[drawn[index].path];
            CHECK((index == 0 || drawn[index - 1].path < drawn[index].path));
        }
    }
    CHECK(times.size() == 20);
    for (const auto& [path, count] : times) {
        CHECK(count > draws / 4 * 8 / 10);
        CHECK(count < draws / 4 * 12 / 10);
    }
}

TEST_CASE("What is drawn keeps to its bounds, and only files are drawn") {
    Sample sample(10, 100, seeded(7));
    manifest::Entry directory;
    directory.kind = manifest::Kind::directory;
    sample.offer(directory);
    sample.offer(file("too large", 101));
    CHECK(sample.drawn().empty());
    sample.offer(file("all of it", 100));
    sample.offer(file("half", 50));
    sample.offer(file("other half", 50));
    sample.offer(file("empty", 0));
    std::uint64_t bytes = 0;
    const auto drawn = sample.drawn();
    for (const auto& entry : drawn) {
        bytes += *entry.size;
    }
    CHECK(bytes <= 100);
    CHECK(drawn.size() >= 2);
    Sample none(0, 100, seeded(7));
    none.offer(file("a", 1));
    CHECK(none.drawn().empty());
}

}  // namespace
}  // namespace snapferry::proof
