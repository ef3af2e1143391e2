#include "snapferry/core/setup/text/toml_text.h"

#include <string>
#include <vector>

#include "catch.h"
#include "failure_of.h"

namespace snapferry::setup {
namespace {

using testing::failure_of;
using Entries = std::vector<TomlEntry>;

constexpr auto people_wrote = R"(# What goes where.
max_jobs = 3   # more wake the disk

[receivers.pi]          # in the cellar
host = "pi.lan"
key = "/etc/snapferry/key"   # made by hand
user = 'backups'

# The photographs, every day.
[jobs.home]
snapshot_dir = "/data/[snaps] # really"
on_success = [
  "/usr/local/bin/tell",   # a list may
  "# me",                  # take lines
]
to = "pi"

# Kept for later.
#[jobs.music]
#snapshot_dir = "/music"
)";

std::string after(std::string_view text, std::string_view part, const std::string& with) {
    auto result = std::string(text);
    const auto place = result.find(part);
    REQUIRE(place != std::string::npos);
    return result.insert(place + part.size(), with);
}

TEST_CASE("a table that is new stands at the end, apart from what was there") {
    const Entries entries{{"snapshot_dir", toml_text("/data")}, {"retries", "7"}};
    const std::string added = "\n[jobs.media]\nsnapshot_dir = \"/data\"\nretries = 7\n";
    CHECK(with_entries(people_wrote, {"jobs", "media"}, entries) == people_wrote + added);
    CHECK(with_entries("", {"jobs", "media"}, entries) == added.substr(1));
    CHECK(with_entries("a = 1", {"jobs", "media"}, entries) == "a = 1\n" + added);
    CHECK(with_entries("a = 1\n\n", {"jobs", "media"}, entries) == "a = 1\n\n" + added);
    CHECK(with_entries("", {"jobs", "a b"}, {}) == "[jobs.\"a b\"]\n");
}

TEST_CASE("a table that was added goes again without a trace") {
    const Entries entries{{"snapshot_dir", toml_text("/data")}};
    for (const std::string before : {people_wrote, "", "a = 1\n", "a = 1\n\n", "a = 1\r\n"}) {
        const auto with = with_entries(before, {"jobs", "media"}, entries);
        CHECK(without_table(with, {"jobs", "media"}) == before);
        const auto two = with_entries(with, {"jobs", "other"}, entries);
        CHECK(without_table(two, {"jobs", "other"}) == with);
        CHECK(without_table(without_table(two, {"jobs", "media"}), {"jobs", "other"}) == before);
    }
}

TEST_CASE("a key that is there gets another value and keeps its comment") {
    const auto changed =
        with_entries(people_wrote, {"receivers", "pi"}, Entries{{"key", toml_text("/k")}});
    auto wanted = std::string(people_wrote);
    wanted.replace(wanted.find("\"/etc/snapferry/key\""), 20, "\"/k\"");
    CHECK(changed == wanted);

    const auto list = with_entries(people_wrote, {"jobs", "home"}, Entries{{"on_success", "[]"}});
    CHECK(list.find("on_success = []\nto = \"pi\"\n") != std::string::npos);
}

TEST_CASE("keys that are new follow the last one of their table") {
    CHECK(with_entries(people_wrote, {"receivers", "pi"}, Entries{{"port", "2222"}}) ==
          after(people_wrote, "user = 'backups'\n", "port = 2222\n"));
    CHECK(with_entries(people_wrote, {}, Entries{{"metrics_file", "\"/m\""}}) ==
          after(people_wrote, "max_jobs = 3   # more wake the disk\n", "metrics_file = \"/m\"\n"));
    CHECK(with_entries("# title\n\n# of it\n[a]\n", {}, Entries{{"b", "1"}}) ==
          "# title\n\nb = 1\n# of it\n[a]\n");
    CHECK(with_entries("[a]", {"a"}, Entries{{"b", "1"}}) == "[a]\nb = 1\n");
    CHECK(with_entries("[a]\n[b]\n", {"a"}, Entries{{"c", "1"}}) == "[a]\nc = 1\n[b]\n");
    CHECK(with_entries("[a]\r\nb = 1\r\n", {"a"}, Entries{{"c", "1"}}) ==
          "[a]\r\nb = 1\r\nc = 1\r\n");
}

TEST_CASE("what lies below a table goes with it, and nothing else") {
    const std::string text =
        "[tags.home]\nkeep = 1\n[tags.home.derive.weekly]\nkeep = 2\n\n[tags.homes]\nkeep = 3\n"
        "[tags]\nhome.keep = 4\nmusic.keep = 5\n";
    CHECK(without_table(text, {"tags", "home"}) ==
          "\n[tags.homes]\nkeep = 3\n[tags]\nmusic.keep = 5\n");
    CHECK(without_table(text, {"tags", "nobody"}) == text);
}

TEST_CASE("comments above a table and behind its last key stay") {
    CHECK(without_table("# mine\n[a]\n# inside\nb = 1 # beside\n# below\n\n[c]\n", {"a"}) ==
          "# mine\n# below\n\n[c]\n");
}

TEST_CASE("one key goes") {
    CHECK(without_entry("[a]\nb = 1 # one\nc = [\n2,\n]\nd = 3\n", {"a"}, "c") ==
          "[a]\nb = 1 # one\nd = 3\n");
    CHECK(without_entry("[a]\nb = 1\n", {"a"}, "c") == "[a]\nb = 1\n");
    CHECK(without_entry("b = 1\n[a]\nb = 2\n", {"a"}, "b") == "b = 1\n[a]\n");
}

TEST_CASE("what looks like TOML and is text is not taken for it") {
    const std::string text =
        "a = \"\"\"\n[b]\nc = 1 \\\"\"\"\"\nd = '''\n[b]\n'''\ne = \"[b] \\\" # no\" # yes\n"
        "[[list]]\nc = 2\n[\"b\"]\nc = 3\n";
    auto wanted = text;
    wanted.replace(wanted.rfind('3'), 1, "4");
    CHECK(with_entries(text, {"b"}, Entries{{"c", "4"}}) == wanted);
}

TEST_CASE("where a text is not TOML nothing is changed, and the line is named") {
    for (const auto* const wrong :
         {"a = 1\nb\n", "a = 1\n[b\n", "a = 1\nb = \n", "a = 1\nb = \"x\n", "a = 1\nb = [1\n",
          "a = 1\nb = ]\n", "a = 1\n[b] c\n", "a = 1\n= 2\n", "a = 1\nb = \"x\\"}) {
        INFO(wrong);
        const auto failure = failure_of([&] {
            (void)with_entries(wrong, {"x"}, Entries{{"c", "1"}});
        });
        CHECK(failure.code() == ExitCode::configuration);
        CHECK(std::string(failure.what()).substr(0, 5) == "line ");
    }
}

TEST_CASE("a text is quoted as TOML wants it") {
    CHECK(toml_text("/a b") == "\"/a b\"");
    CHECK(toml_text("a\"\\\n\x7f\xc3\xa4") == "\"a\\\"\\\\\\u000A\\u007F\xc3\xa4\"");
    CHECK(toml_header({"jobs", "home-2", "a.b"}) == "[jobs.home-2.\"a.b\"]");
}

TEST_CASE("a value that is written with dots is changed where it stands, and no table is added") {
    const std::vector<TomlEntry> entries{{"keep", "5"}};
    CHECK(with_entries("tags.home.keep = 3\n", {"tags", "home"}, entries) ==
          "tags.home.keep = 5\n");
    CHECK(with_entries("[tags]\nhome.keep = 3 # mine\n", {"tags", "home"}, entries) ==
          "[tags]\nhome.keep = 5 # mine\n");
}

}  // namespace
}  // namespace snapferry::setup
