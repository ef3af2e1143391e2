#include "snapferry/core/report/small_full_send.h"

#include <vector>

#include "catch.h"

using namespace snapferry;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
constexpr std::uint64_t kib = 1024;

RunReport run(const std::string& snapshot, const std::string& parent, std::uint64_t bytes,
              ExitCode outcome = ExitCode::done) {
    RunReport report;
    report.snapshot = snapshot;
    report.parent = parent;
    report.stream_bytes = bytes;
    report.outcome = outcome;
    return report;
}

/// Told in the order in which they ran.
std::optional<SmallFullSend> judged(std::vector<RunReport> runs) {
    return small_full_send(std::vector(runs.rbegin(), runs.rend()));
}

}  // namespace

TEST_CASE("a full send of next to nothing where there was much is one to look at") {
    const auto small =
        judged({run("a", "", 300 * gib), run("b", "a", gib), run("c", "", 10 * kib)});
    REQUIRE(small);
    CHECK(*small == SmallFullSend{"c", 10 * kib, 300 * gib});
    CHECK(text_of(*small).find("c was sent in full and came to 10.0 KiB") == 0);
    CHECK(judged({run("a", "", 300 * gib), run("c", "", 0), run("c", "", 10 * kib)}));
}

TEST_CASE("a full send that is about as large as before, or never was large, is none") {
    CHECK_FALSE(judged({}));
    CHECK_FALSE(judged({run("a", "", 10 * kib)}));
    CHECK_FALSE(judged({run("a", "", 300 * gib)}));
    CHECK_FALSE(judged({run("a", "", 300 * gib), run("b", "", 200 * gib)}));
    CHECK_FALSE(judged({run("a", "", 10 * kib), run("b", "", kib)}));
    CHECK_FALSE(judged({run("a", "", 300 * gib), run("b", "a", 10 * kib)}));
}

TEST_CASE("it stays one to look at until it is sent in full again, or the data is back") {
    const std::vector runs{run("a", "", 300 * gib), run("b", "", 10 * kib), run("c", "b", kib)};
    CHECK(judged(runs)->snapshot == "b");
    auto forced = runs;
    forced.insert(forced.end() - 1, run("b", "", 10 * kib));
    CHECK_FALSE(judged(forced));
    auto back = runs;
    back.push_back(run("d", "c", 200 * gib));
    CHECK_FALSE(judged(back));
    auto another = runs;
    another.push_back(run("d", "", kib));
    CHECK(judged(another)->snapshot == "d");
}

TEST_CASE("a full send that came in several runs counts as one") {
    CHECK_FALSE(judged({run("a", "", 100 * gib), run("b", "", 99 * gib, ExitCode::connection),
                        run("b", "", kib)}));
    CHECK_FALSE(judged({run("b", "", 99 * gib, ExitCode::interrupted),
                        run("", "", 0, ExitCode::connection), run("b", "", kib)}));
}
