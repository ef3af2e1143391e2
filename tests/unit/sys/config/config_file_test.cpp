#include "snapferry/sys/config/config_file.h"

#include <unistd.h>

#include <cstdio>

#include "catch.h"
#include "failure_of.h"
#include "temporary_directory.h"

using namespace snapferry;
using snapferry::testing::failure_of;
using snapferry::testing::TemporaryDirectory;
using sys::ConfigFile;
using sys::ConfigTable;

namespace {

constexpr auto content = R"(# a comment
text = "home"
empty = ""
number = 7
flag = true
time = "36h"
size = "4GiB"

[tables.one]
a = 1
[tables.two]
a = 2
)";

/// Hands the root of a file with this content to `use`.
template <typename Use>
void with_config(const std::string& text, const Use& use) {
    const TemporaryDirectory directory;
    const ConfigFile config(directory.file("x.toml", text), ConfigFile::Trust::any_owner);
    use(config.root());
}

/// What `use` complains of, without the directory of the file.
template <typename Use>
std::string complaint(const std::string& text, const Use& use) {
    const auto failure = failure_of([&] { with_config(text, use); });
    CHECK(failure.code() == ExitCode::configuration);
    const std::string what = failure.what();
    const auto name = what.find("/x.toml");
    CHECK(name != std::string::npos);
    return what.substr(name + 1);
}

bool is_root() {
    return ::geteuid() == 0;
}

void skip(const char* reason) {
    std::printf("SKIPPED: %s\n", reason);
}

}  // namespace

TEST_CASE("a configuration's values are read as what they are") {
    with_config(content, [](const ConfigTable& root) {
        CHECK(root.text("text") == "home");
        CHECK(root.required_text("text") == "home");
        CHECK(root.number("number", 1, 10) == 7);
        CHECK(root.flag("flag") == true);
        CHECK(root.duration("time") == std::chrono::hours{36});
        CHECK(root.byte_count("size") == std::uint64_t{4} << 30);
        const auto tables = root.table("tables")->tables();
        REQUIRE(tables.size() == 2);
        CHECK(tables.at("two").number("a", 0, 9) == 2);
    });
}

TEST_CASE("a key that is not there is nothing") {
    with_config(content, [](const ConfigTable& root) {
        CHECK_FALSE(root.text("no"));
        CHECK_FALSE(root.number("no", 1, 10));
        CHECK_FALSE(root.flag("no"));
        CHECK_FALSE(root.duration("no"));
        CHECK_FALSE(root.byte_count("no"));
        CHECK_FALSE(root.table("no"));
    });
    with_config("", [](const ConfigTable& root) { CHECK_FALSE(root.text("no")); });
}

TEST_CASE("a value of the wrong type or out of range is complained of with file, line and key") {
    using Use = void (*)(const ConfigTable&);
    const auto [use, expected] = GENERATE(table<Use, std::string>({
        {[](const ConfigTable& root) { (void)root.text("number"); },
         "x.toml:4: number: it must be a text in quotes"},
        {[](const ConfigTable& root) { (void)root.text("empty"); },
         "x.toml:3: empty: it must be a text in quotes"},
        {[](const ConfigTable& root) { (void)root.required_text("no"); },
         "x.toml:1: no: this key is missing"},
        {[](const ConfigTable& root) { (void)root.number("number", 8, 9); },
         "x.toml:4: number: it must be a whole number from 8 to 9"},
        {[](const ConfigTable& root) { (void)root.number("text", 8, 9); },
         "x.toml:2: text: it must be a whole number from 8 to 9"},
        {[](const ConfigTable& root) { (void)root.flag("number"); },
         "x.toml:4: number: it must be true or false"},
        {[](const ConfigTable& root) { (void)root.duration("size"); },
         "x.toml:7: size: it must be a duration such as \"90s\", \"15min\", \"36h\" or \"7d\""},
        {[](const ConfigTable& root) { (void)root.duration("number"); },
         "x.toml:4: number: it must be a text in quotes"},
        {[](const ConfigTable& root) { (void)root.byte_count("time"); },
         "x.toml:6: time: it must be a size such as \"512MiB\" or \"4GiB\""},
        {[](const ConfigTable& root) { (void)root.table("text"); },
         "x.toml:2: text: it must be a table, [text]"},
        {[](const ConfigTable& root) { (void)root.tables(); },
         "x.toml:2: text: it must be a table, [text]"},
        {[](const ConfigTable& root) { root.table("tables")->allow_only({"one"}); },
         "x.toml:11: tables.two: this key is not known"},
        {[](const ConfigTable& root) { (void)root.table("tables")->tables().at("two").flag("a"); },
         "x.toml:12: tables.two.a: it must be true or false"},
        {[](const ConfigTable& root) {
             (void)root.table("tables")->tables().at("two").required_text("b");
         },
         "x.toml:11: tables.two.b: this key is missing"},
        {[](const ConfigTable& root) { root.complain("flag", "it must not be so"); },
         "x.toml:5: flag: it must not be so"},
    }));
    const auto found = complaint(content, use);
    // Which of several wrong keys comes first is of no concern.
    if (expected.find("it must be a table") == std::string::npos)
        CHECK(found == expected);
    else
        CHECK(found.ends_with("]"));
}

TEST_CASE("only the keys that are known are allowed") {
    with_config("a = 1\nb = 2", [](const ConfigTable& root) { root.allow_only({"a", "b", "c"}); });
    CHECK(complaint("a = 1\nkep = 2", [](const ConfigTable& root) {
              root.allow_only({"a", "keep"});
          }) == "x.toml:2: kep: this key is not known; did you mean \"keep\"?");
    CHECK(complaint("a = 1\n\"a\\nb\" = 2", [](const ConfigTable& root) {
              root.allow_only({"a"});
          }) == "x.toml:2: a\\x0ab: this key is not known");
}

TEST_CASE("a whole number is not taken from anything else") {
    const auto* value = GENERATE("7.0", "\"7\"", "true", "2021-08-17", "[7]", "nan");
    complaint("n = " + std::string(value),
              [](const ConfigTable& root) { (void)root.number("n", 0, 10); });
}

TEST_CASE("what is not TOML is complained of with file and line") {
    const auto [text, line] = GENERATE(table<std::string, int>({
        {"a = ", 1},
        {"a = 1\nb 2\n", 2},
        {"a = 1\na = 2\n", 2},
        {"a = 1\n\n[x\n", 3},
        {"a = \"\xff\"\n", 1},
        {"\xff\xfe", 1},
    }));
    CAPTURE(text);
    const auto found = complaint(text, [](const ConfigTable&) {});
    CHECK(found.starts_with("x.toml:" + std::to_string(line) + ": not TOML: "));
    CHECK(found.find('\n') == std::string::npos);
}

TEST_CASE(
    "a configuration that is missing, or no file, or far too large, is an error that names it") {
    const TemporaryDirectory directory;
    const auto open = [&](const std::string& name) {
        return failure_of(
            [&] { const ConfigFile config(directory / name, ConfigFile::Trust::any_owner); });
    };
    const auto missing = open("x.toml");
    CHECK(missing.code() == ExitCode::configuration);
    CHECK(missing.what() == (directory / "x.toml").native() + " is missing");
    CHECK_FALSE(missing.hint().empty());

    std::filesystem::create_directory(directory / "directory");
    CHECK(open("directory").code() == ExitCode::configuration);
    (void)directory.file("large.toml", std::string(2 * 1024 * 1024, '#'));
    CHECK(std::string(open("large.toml").what()).ends_with("is larger than 1048576 bytes"));
}

TEST_CASE("a configuration that others than root could write is not trusted") {
    if (!is_root())
        return skip("only root can make files that belong to root");
    const TemporaryDirectory directory;
    const auto file = directory.file("x.toml", "a = 1");
    const auto is_trusted = [&] {
        try {
            const ConfigFile config(file, ConfigFile::Trust::root_only);
            return true;
        } catch (const Failure& failure) {
            CHECK(failure.code() == ExitCode::configuration);
            CHECK(failure.what() == file.native() + " can be written by others than root");
            CHECK(failure.hint().starts_with("chown root: "));
            return false;
        }
    };
    using std::filesystem::perms;
    const auto [mode, owner, trusted] = GENERATE(table<unsigned, unsigned, bool>({
        {0600, 0, true},
        {0644, 0, true},
        {0664, 0, false},
        {0646, 0, false},
        {0644, 1, false},
        {0600, 1, false},
    }));
    std::filesystem::permissions(file, static_cast<perms>(mode));
    REQUIRE(::chown(file.c_str(), owner, 0) == 0);
    CAPTURE(mode, owner);
    CHECK(is_trusted() == trusted);
}
