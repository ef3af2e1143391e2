#include <algorithm>
#include <random>
#include <span>

#include "catch.h"
#include "core/manifest/sample.h"
#include "snapferry/core/manifest/escape.h"
#include "snapferry/core/manifest/form.h"
#include "snapferry/core/manifest/line.h"
#include "snapferry/core/manifest/reader.h"

using namespace snapferry::manifest;
using namespace snapferry::manifest::testing;

namespace {

std::vector<Entry> read(std::string_view text, std::size_t piece = 4096) {
    std::vector<Entry> entries;
    Reader reader([&](const Entry& entry) { entries.push_back(entry); });
    while (!text.empty()) {
        const auto part = text.substr(0, piece);
        reader.push(std::as_bytes(std::span(part)));
        text.remove_prefix(part.size());
    }
    reader.finish();
    return entries;
}

std::string why_refused(std::string_view text) {
    try {
        read(text);
    } catch (const Malformed& malformed) {
        return malformed.what();
    }
    return {};
}

/// Lines of a manifest with a right end, whatever they are.
std::string manifest_with(std::initializer_list<std::string> lines) {
    std::string text = std::string(signature) + "\n" + std::string(version_line) + "\n";
    for (const auto& line : lines) {
        text += line + "\n";
    }
    Sha256 digest;
    digest.update(std::as_bytes(std::span(text)));
    return text + end_line({lines.size(), digest.take()}) + "\n";
}

const std::string top = ". type=dir mode=0755 uid=0 gid=0 time=1.000000002";

}  // namespace

TEST_CASE("the form of a manifest is as the document shows it") {
    CHECK(line_of(tree()[0]) == top);
    CHECK(line_of(tree()[2]) ==
          "./a\\040b/one type=file mode=0644 uid=1000 gid=100 time=1629183601.000000500 size=3 "
          "sha256=0101010101010101010101010101010101010101010101010101010101010101 "
          "tags=group:1,xattr:"
          "abababababababababababababababababababababababababababababababab");
    CHECK(
        line_of(tree()[7]) ==
        "./link type=link mode=0777 uid=0 gid=0 time=-1.999999999 link=../x\\012y\\075\\043\\134");
    CHECK(line_of(tree()[5]) ==
          "./dev type=block mode=0660 uid=0 gid=6 time=0.000000000 device=native,8,1");
}

TEST_CASE("what is written is read again, in pieces of any size") {
    const auto text = text_of(tree());
    for (const std::size_t piece : {1UL, 7UL, 100UL, 100'000UL}) {
        CHECK(read(text, piece) == tree());
    }
}

TEST_CASE("a name that mtree would take for a pattern is quoted, and no other") {
    const auto [path, text] = GENERATE(table<std::string, std::string>({
        {"*", "./\\134\\052"},
        {"a\\b", "./a\\134b"},
        {"a\\*", "./a\\134\\134\\134\\052"},
        {"d[x]/a\\b", "./d\\134\\133x\\135/a\\134b"},
        {"?/?", "./\\134\\077/\\134\\077"},
        {"\\", "./\\134"},
        {"[\\", "./\\134\\133\\134\\134"},
    }));
    auto entry = file(path);
    CHECK(line_of(entry).starts_with(text + " type="));
    CHECK(parse_line(line_of(entry)) == entry);
}

TEST_CASE("every path has one line, whatever bytes are in it") {
    std::mt19937 random(2);
    const std::string_view signs = "\\*?[]/a\n ";
    for (int round = 0; round < 2000; ++round) {
        std::string path(1 + random() % 12, '\0');
        std::ranges::generate(path, [&] { return signs[random() % signs.size()]; });
        const auto entry = file(path);
        if (is_path_beneath(path)) {
            CHECK(parse_line(line_of(entry)) == entry);
        } else {
            CHECK_FALSE(parse_line(line_of(entry)));
        }
    }
}

TEST_CASE("every string of bytes has one escaped form") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes(random() % 40, '\0');
        std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
        const auto text = escaped(bytes);
        CHECK(std::ranges::all_of(text, [](char sign) { return sign > ' ' && sign < '\x7f'; }));
        CHECK(unescaped(text) == bytes);
    }
    for (const auto* other :
         {"a b", "\\141", "\\4", "\\", "\\999", "\\400", "\\04", "#", "a=b", "\n"}) {
        CHECK_FALSE(unescaped(other));
    }
}

TEST_CASE("a manifest that is cut or changed anywhere is refused") {
    const auto text = text_of(tree());
    for (std::size_t size = 0; size < text.size(); ++size) {
        CHECK_FALSE(why_refused(text.substr(0, size)).empty());
    }
    for (std::size_t place = 0; place < text.size(); ++place) {
        auto changed = text;
        changed[place] = static_cast<char>(changed[place] ^ 1);
        CHECK_FALSE(why_refused(changed).empty());
    }
    CHECK_FALSE(why_refused(text + "\n").empty());
    CHECK_FALSE(why_refused(text + text).empty());
}

TEST_CASE("what no snapshot can hold is refused, and the line is named") {
    const std::string rest = " type=fifo mode=0644 uid=0 gid=0 time=1.000000000";
    const std::string in_full =
        " type=file mode=0644 uid=0 gid=0 time=1.000000000 size=0 sha256=" + std::string(64, '0');
    CHECK(why_refused(manifest_with({top, "./a" + rest, "./b" + in_full})).empty());
    for (const auto& line : std::vector<std::string>{
             "./.." + rest,
             "./../a" + rest,
             "./a/../b" + rest,
             "./." + rest,
             "/a" + rest,
             "a" + rest,
             "./" + rest,
             ".//a" + rest,
             "./a/" + rest,
             "./a\\000b" + rest,
             "./a b" + rest,
             "./\\141" + rest,
             "./" + std::string(256, 'a') + rest,
             "./b/c" + rest,
             "./a" + rest + " ",
             "./a  type=fifo mode=0644 uid=0 gid=0 time=1.000000000",
             "./a" + rest + "\r",
             "./a type=fifo mode=0644 uid=0 gid=0 time=1.0",
             "./a type=fifo mode=644 uid=0 gid=0 time=1.000000000",
             "./a type=fifo mode=017777 uid=0 gid=0 time=1.000000000",
             "./a type=fifo mode=0644 uid=-1 gid=0 time=1.000000000",
             "./a type=fifo mode=0644 uid=4294967296 gid=0 time=1.000000000",
             "./a type=fifo mode=0644 uid=00 gid=0 time=1.000000000",
             "./a type=fifo mode=0644 uid=0 gid=0 time=1.1000000000",
             "./a type=fifo mode=0644 uid=0 gid=0 time=99999999999999999999.000000000",
             "./a type=pipe mode=0644 uid=0 gid=0 time=1.000000000",
             "./a" + rest + " size=0",
             "./a" + rest + " tags=",
             "./a" + rest + " tags=xattr:00",
             "./a" + rest + " tags=group:1,group:1",
             "./a" + rest + " tags=other:1",
             "./a" + rest + " uid=0",
             "./a" + rest + " unknown=1",
             "",
             "#",
             "./a",
             "./a type=file mode=0644 uid=0 gid=0 time=1.000000000",
             "./a type=link mode=0777 uid=0 gid=0 time=1.000000000",
             "./a type=block mode=0777 uid=0 gid=0 time=1.000000000 device=native,8",
             "./a type=block mode=0777 uid=0 gid=0 time=1.000000000 device=linux,8,1"}) {
        CAPTURE(line);
        CHECK(why_refused(manifest_with({top, line})).starts_with("manifest refused: line 4: "));
    }
    CHECK_FALSE(why_refused(manifest_with({})).empty());
    CHECK_FALSE(why_refused(manifest_with({"./a" + rest})).empty());
    CHECK_FALSE(why_refused(manifest_with({top, top})).empty());
    CHECK_FALSE(why_refused(manifest_with({top, "./a" + rest, "./a" + rest})).empty());
    CHECK_FALSE(why_refused(manifest_with({top, "./b" + rest, "./a" + rest})).empty());
    CHECK_FALSE(why_refused(manifest_with({top, "./a" + in_full, "./a/b" + rest})).empty());
}

TEST_CASE("a line without an end takes no memory") {
    Reader reader([](const Entry&) {});
    const std::string endless(1024, 'a');
    std::size_t taken = 0;
    const auto feed = [&] {
        for (; taken < 100 * longest_line; taken += endless.size()) {
            reader.push(std::as_bytes(std::span(endless)));
        }
    };
    CHECK_THROWS_AS(feed(), Malformed);
    CHECK(taken <= longest_line);
}
