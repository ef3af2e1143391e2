#include "snapferry/sys/config/toml_change.h"

#include <string>
#include <vector>

#include "catch.h"
#include "failure_of.h"
#include "snapferry/core/setup/text/toml_text.h"

namespace snapferry::sys {
namespace {

using setup::TomlEntry;
using testing::failure_of;

constexpr auto before = "max_jobs = 3 # more wake the disk\n[jobs.home]\nto = \"pi\"\n";

TEST_CASE("a change to the tables that are meant is none to the rest") {
    const std::vector<TomlEntry> entries{{"to", "\"nas\""}};
    const auto added = setup::with_entries(before, {"receivers", "pi"}, entries);
    CHECK_NOTHROW(require_same_but_for(before, added, {{"receivers", "pi"}}, "send.toml"));
    CHECK_NOTHROW(require_same_but_for(added, before, {{"receivers", "pi"}}, "send.toml"));
    const auto changed = setup::with_entries(added, {"jobs", "home"}, entries);
    CHECK_NOTHROW(require_same_but_for(before, changed, {{"receivers", "pi"}, {"jobs", "home"}},
                                       "send.toml"));
    CHECK_NOTHROW(require_same_but_for(before, "max_jobs = 4\n[jobs.home]\nto = \"pi\"\n", {{}},
                                       "send.toml"));
}

TEST_CASE("a change to anything else is refused") {
    for (const auto* const after :
         {"max_jobs = 4\n[jobs.home]\nto = \"pi\"\n", "[jobs.home]\nto = \"pi\"\n",
          "max_jobs = 3\n[jobs.home]\nto = \"nas\"\n", "max_jobs = 3\n",
          "max_jobs = 3\n[jobs.home]\nto = \"pi\"\n[jobs.other]\n"}) {
        INFO(after);
        const auto failure = failure_of([&] {
            require_same_but_for(before, after, {{"receivers", "pi"}}, "send.toml");
        });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(std::string(failure.what()) ==
              "more of send.toml would be changed than is meant to be");
    }
}

TEST_CASE("a table that is written otherwise is left alone") {
    const std::vector<TomlEntry> entries{{"to", "\"pi\""}};
    for (const std::string text :
         {"jobs = { home = { to = \"pi\" } }\n", "[jobs]\nhome = { to = \"nas\" }\n",
          "[jobs]\nhome.to = \"nas\"\nhome.pin = true\n"}) {
        const auto after = setup::with_entries(text, {"jobs", "home"}, {{{"pin", "false"}}});
        INFO(after);
        if (after.find("home.pin = false") != std::string::npos) {
            continue;  // a way that is thought of
        }
        const auto failure = failure_of([&] {
            require_same_but_for(text, after, {{"jobs", "home"}}, "send.toml");
        });
        CHECK(std::string(failure.what()).find("would be not TOML") != std::string::npos);
    }
}

}  // namespace
}  // namespace snapferry::sys
