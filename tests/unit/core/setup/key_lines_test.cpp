#include "snapferry/core/setup/key_lines.h"

#include <string>

#include "catch.h"
#include "keys.h"
#include "snapferry/core/setup/public_key.h"

using namespace snapferry::setup;

namespace {

using Kind = KeyLook::Kind;

constexpr auto program = "/usr/sbin/snapshot-receive";

KeyLineWish wish_of(const char* line, const std::string& tag) {
    const auto key = parse_public_key(line);
    return {"restrict,command=\"sudo -n /usr/sbin/snapshot-receive " + tag + "\"", key.line(),
            key.base64, tag, program};
}

std::string line_of(const KeyLineWish& wish) {
    return wish.options + " " + wish.key + "\n";
}

const auto home = wish_of(test_keys::first, "home");

}  // namespace

TEST_CASE("the line of a key is added once, behind what is there") {
    const std::string before = "# the admin\nssh-rsa AAAA admin@desk";
    CHECK(look_for_key(before, home).kind == Kind::absent);
    const auto after = with_key_line(before, home);
    CHECK(after == before + "\n" + line_of(home));
    CHECK(look_for_key(after, home).kind == Kind::there);
    CHECK(with_key_line(after, home) == after);
    CHECK(without_key_lines_of(after, "home") == before + "\n");
}

TEST_CASE("the key of one tag is refused for another") {
    const auto look = look_for_key(line_of(home), wish_of(test_keys::first, "media"));
    CHECK(look.kind == Kind::other_tag);
    CHECK(look.tag == "home");
    CHECK(look.line == 1);
}

TEST_CASE("another key of the tag is told, and replaced only with its line") {
    const auto text = "# kept\n" + line_of(home);
    const auto other = wish_of(test_keys::second, "home");
    const auto look = look_for_key(text, other);
    CHECK(look.kind == Kind::other_key);
    REQUIRE(look.replaced.size() == 1);
    CHECK(with_key_line(text, other) == "# kept\n" + line_of(other));
}

TEST_CASE("a line that lets the key do less or more than it should is brought up to date or told") {
    const std::string key = test_keys::first;
    const auto kind = [&](const std::string& options) {
        return look_for_key(options + " " + key + "\n", home).kind;
    };
    CHECK(kind("restrict,command=\"sudo -n /usr/local/sbin/snapshot-receive home\"") ==
          Kind::outdated);
    CHECK(kind("command=\"sudo -n /usr/sbin/snapshot-receive home\"") == Kind::outdated);
    CHECK(kind("restrict,pty,command=\"sudo -n /usr/sbin/snapshot-receive home\"") ==
          Kind::outdated);
    CHECK(kind("restrict,command=\"/bin/sh\"") == Kind::other_purpose);
    CHECK(kind("restrict") == Kind::other_purpose);
    CHECK(look_for_key(key + "\n", home).kind == Kind::other_purpose);
    CHECK(look_for_key("command=\"open ssh-rsa AAAA\n", home).kind == Kind::not_understood);
}

TEST_CASE("a key that stands in a file twice is not taken for being there") {
    CHECK(look_for_key(line_of(home) + test_keys::first + "\n", home).kind == Kind::other_purpose);
}

TEST_CASE("only the lines of the tag go, whatever their path, and no other byte changes") {
    const auto media = wish_of(test_keys::second, "media");
    const auto text = "# a\r\n\n" + line_of(media) + line_of(home) + "#" + line_of(home) + "# end";
    CHECK(without_key_lines_of(text, "home") ==
          "# a\r\n\n" + line_of(media) + "#" + line_of(home) + "# end");
    CHECK(key_lines_of(text, "home").size() == 1);
    CHECK(has_keys(text));
    CHECK_FALSE(has_keys("# nothing\n\n"));
}
