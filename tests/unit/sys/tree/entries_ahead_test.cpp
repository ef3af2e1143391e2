#include "snapferry/sys/tree/entries_ahead.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/tree/tree_entries.h"
#include "temporary_directory.h"

namespace snapferry::sys {
namespace {

constexpr auto code = ExitCode::receiving;

/// More files than are open at a time, two names of one, and one of each other kind.
void fill(const testing::TemporaryDirectory& directory) {
    for (int folder = 0; folder < 4; ++folder) {
        std::filesystem::create_directory(directory / fmt::format("folder-{}", folder));
        for (int number = 0; number < 150; ++number) {
            (void)directory.file(fmt::format("folder-{}/{}", folder, number),
                                 std::string(static_cast<std::size_t>(number * 37), 'x'));
        }
    }
    std::filesystem::create_hard_link(directory / "folder-0/5", directory / "folder-3/again");
    std::filesystem::create_symlink("/etc", directory / "link");
}

template <typename Entries>
std::vector<manifest::Entry> all_of(Entries& entries) {
    std::vector<manifest::Entry> all;
    while (auto entry = entries.next()) {
        all.push_back(std::move(*entry));
    }
    return all;
}

TEST_CASE("Entries that several threads read are those that one reads, in the same order") {
    const testing::TemporaryDirectory directory;
    fill(directory);
    TreeEntries alone(directory.path(), code);
    const auto wanted = all_of(alone);
    CHECK(wanted.size() == 607);
    for (const unsigned threads : {1U, 2U, 7U}) {
        std::atomic<std::uint64_t> bytes = 0;
        ReadingPlan plan;
        plan.threads = threads;
        plan.when_read = [&](std::size_t count) { bytes += count; };
        EntriesAhead entries(directory.path(), code, std::move(plan));
        CHECK(all_of(entries) == wanted);
        CHECK(bytes == 4UL * 37 * (149 * 150 / 2));  // what has two names was read once
    }
}

TEST_CASE("Contents that nobody wants are not read") {
    const testing::TemporaryDirectory directory;
    fill(directory);
    ReadingPlan plan;
    plan.wants = [](const std::string& path) { return path == "folder-3/again"; };
    std::atomic<std::uint64_t> bytes = 0;
    plan.when_read = [&](std::size_t count) { bytes += count; };
    EntriesAhead entries(directory.path(), code, std::move(plan));
    for (const auto& entry : all_of(entries)) {
        CHECK(entry.contents.has_value() == (entry.path == "folder-3/again"));
    }
    CHECK(bytes == 5UL * 37);
}

TEST_CASE("Whoever stops in the middle waits for nothing") {
    const testing::TemporaryDirectory directory;
    fill(directory);
    ReadingPlan plan;
    plan.threads = 2;
    EntriesAhead entries(directory.path(), code, std::move(plan));
    for (int number = 0; number < 10; ++number) {
        CHECK(entries.next().has_value());
    }
}

TEST_CASE("A tree that is not there is a failure") {
    CHECK_THROWS_AS(EntriesAhead("/nowhere/at/all", code, {}), Failure);
}

}  // namespace
}  // namespace snapferry::sys
