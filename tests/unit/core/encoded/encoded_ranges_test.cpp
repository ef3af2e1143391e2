#include "snapferry/core/encoded/encoded_ranges.h"

#include "catch.h"
#include "core/stream/command_sample.h"

using namespace snapferry::stream;
using namespace snapferry::stream::testing;

namespace {

constexpr std::uint32_t version = 2;

class Written {
  public:
    Written& note(const CommandSample& sample) {
        auto bytes = command_bytes(sample, version);
        ranges_.note(Command{bytes, version});
        return *this;
    }

    Written& write(std::string_view path, std::uint64_t begin, std::uint64_t end) {
        return note(at(CommandType::encoded_write, path)
                        .with(AttributeType::file_offset, number64(begin))
                        .with(AttributeType::unencoded_file_len, number64(end - begin)));
    }

    Written& rename(std::string_view from, std::string_view to) {
        return note(at(CommandType::rename, from).with(AttributeType::path_to, bytes_of(to)));
    }

    Written& truncate(std::string_view path, std::uint64_t size) {
        return note(at(CommandType::truncate, path).with(AttributeType::size, number64(size)));
    }

    Written& clone(std::string_view path, std::uint64_t begin, std::uint64_t size) {
        return note(at(CommandType::clone, path)
                        .with(AttributeType::file_offset, number64(begin))
                        .with(AttributeType::clone_len, number64(size)));
    }

    static CommandSample at(CommandType type, std::string_view path) {
        return sample_of(type).with(AttributeType::path, bytes_of(path));
    }

    EncodedRanges ranges_;
};

using Files = EncodedRanges::Files;

}  // namespace

TEST_CASE("extents of a file that follow each other are one range") {
    Written written;
    written.write("a", 0, 4096).write("a", 4096, 8192).write("b", 0, 1).write("a", 65536, 65636);
    CHECK(written.ranges_.files() == Files{{"a", {{0, 8192}, {65536, 65636}}}, {"b", {{0, 1}}}});
}

TEST_CASE("what was written is known by the name that the file has now") {
    Written written;
    written.write("o257-7-0", 0, 100).rename("o257-7-0", "dir/file");
    CHECK(written.ranges_.files() == Files{{"dir/file", {{0, 100}}}});
    written.write("dir/sub/other", 0, 5).write("dir-not", 0, 6).rename("dir", "new/place");
    CHECK(written.ranges_.files() == Files{{"dir-not", {{0, 6}}},
                                           {"new/place/file", {{0, 100}}},
                                           {"new/place/sub/other", {{0, 5}}}});
    written.rename("new/place", "new/place2").rename("dir-not", "new/place2/file");
    CHECK(written.ranges_.files() ==
          Files{{"new/place2/file", {{0, 6}}}, {"new/place2/sub/other", {{0, 5}}}});
}

TEST_CASE("what may have become a hole since is not looked for") {
    Written written;
    written.write("a", 0, 4096).write("a", 8192, 12288).write("b", 0, 4096);
    SECTION("cut off") {
        written.truncate("a", 100);
        CHECK(written.ranges_.files() == Files{{"a", {{0, 100}}}, {"b", {{0, 4096}}}});
    }
    SECTION("not cut off") {
        written.truncate("a", 12288);
        CHECK(written.ranges_.files() ==
              Files{{"a", {{0, 4096}, {8192, 12288}}}, {"b", {{0, 4096}}}});
    }
    SECTION("deleted") {
        written.note(Written::at(CommandType::unlink, "a"));
        CHECK(written.ranges_.files() == Files{{"b", {{0, 4096}}}});
    }
    SECTION("a hole of another file cloned over it") {
        written.clone("a", 4096, 4096);
        CHECK(written.ranges_.files().contains("a"));
        written.clone("a", 4096, 4097);
        CHECK(written.ranges_.files() == Files{{"b", {{0, 4096}}}});
    }
    SECTION("punched") {
        written.note(Written::at(CommandType::fallocate, "b"));  // of the second 4 KiB
        CHECK(written.ranges_.files().contains("b"));
        written.note(Written::at(CommandType::fallocate, "b")
                         .with(AttributeType::file_offset, number64(4095)));
        CHECK_FALSE(written.ranges_.files().contains("b"));
    }
}

TEST_CASE("the memory of what was written is counted, and comes back") {
    Written written;
    CHECK(written.ranges_.memory() == 0);
    for (std::uint64_t i = 0; i < 1000; ++i)
        written.write("file-" + std::to_string(i), 0, 4096);
    CHECK(written.ranges_.memory() > 100'000);
    CHECK(written.ranges_.memory() < 1'000'000);
    for (std::uint64_t i = 0; i < 1000; ++i) {
        written.rename("file-" + std::to_string(i), "moved-" + std::to_string(i));
        written.truncate("moved-" + std::to_string(i), 0);
        written.note(Written::at(CommandType::unlink, "moved-" + std::to_string(i)));
    }
    CHECK(written.ranges_.memory() == 0);
}

TEST_CASE("plain writes are not looked for") {
    Written written;
    for (const auto& sample : samples_within()) {
        if (sample.type != CommandType::encoded_write)
            written.note(sample);
    }
    CHECK(written.ranges_.files().empty());
}
