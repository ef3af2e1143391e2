#include "snapferry/core/guard/path_watch.h"

#include "catch.h"
#include "core/stream/real_stream.h"

using namespace snapferry;

namespace {

std::string last_path_in(std::span<const std::byte> bytes, std::size_t piece,
                         std::uint64_t offset = 0) {
    stream::PathWatch watch(offset);
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(piece, bytes.size()));
        watch.push(part);
        bytes = bytes.subspan(part.size());
    }
    return watch.last_path();
}

}  // namespace

TEST_CASE("the file that a stream was last about is the same however the stream is cut") {
    for (const auto& name : stream::testing::good_streams) {
        CAPTURE(name);
        const auto bytes = stream::testing::real_stream(name);
        const auto whole = last_path_in(bytes, bytes.size());
        CHECK_FALSE(whole.empty());
        for (const std::size_t piece : {1U, 2U, 7U, 13U, 4096U})
            CHECK(last_path_in(bytes, piece) == whole);
    }
}

TEST_CASE("a new file is known by the name that it got, not by its first one or by its directory") {
    using namespace std::string_literals;
    const auto command = [](std::uint16_t type, const std::string& attributes) {
        std::string text;
        text += static_cast<char>(attributes.size());
        text += "\0\0\0"s;
        text += static_cast<char>(type);
        text += "\0\0\0\0\0"s;
        return text + attributes;
    };
    const auto path = [](char type, const std::string& value) {
        return std::string{type, '\0', static_cast<char>(value.size()), '\0'} + value;
    };
    const auto mkfile = command(3, path(15, "o257-7-0"));
    const auto rename = command(9, path(15, "o257-7-0") + path(16, "a/photograph"));
    const auto utimes = command(20, path(15, "a"));
    const auto text = mkfile + rename + utimes;
    CHECK(last_path_in(std::as_bytes(std::span(text)), 3, 17) == "a/photograph");
    const auto until_mkfile = mkfile + rename.substr(0, rename.size() - 1);
    CHECK(last_path_in(std::as_bytes(std::span(until_mkfile)), 5, 17) == "o257-7-0");
    CHECK(last_path_in({}, 1).empty());
}
