#include "snapferry/core/stream/filling/extent_filling.h"

#include <vector>

#include "catch.h"
#include "snapferry/core/guard/refused.h"

using namespace snapferry::stream;

namespace {

constexpr std::uint64_t block = 4096;
constexpr std::uint8_t lzo = 2;
constexpr std::uint8_t zstd = 3;

/// One command that lives as long as this does.
struct Named {
    Named(std::uint64_t offset, std::uint64_t length, std::uint32_t version) {
        CommandWriter(bytes, CommandType::update_extent, version)
            .text(AttributeType::path, "dir/file")
            .number64(AttributeType::file_offset, offset)
            .number64(AttributeType::size, length)
            .finish();
    }
    std::vector<std::byte> bytes;
};

struct Part {
    CommandType type;
    std::uint64_t offset;
    std::size_t size;
    friend bool operator==(const Part&, const Part&) = default;
};

/// The commands in place of the named extent, each filled with data and whole.
std::vector<std::vector<std::byte>> commands_of(const FillingRule& rule, std::uint64_t offset,
                                                std::uint64_t length, const FileExtent& extent) {
    Named named(offset, length, version_of(rule.form));
    ExtentFilling filling(rule);
    filling.begin(named_extent(Command(named.bytes, version_of(rule.form))), extent);
    std::vector<std::vector<std::byte>> commands;
    for (; filling.has_more(); filling.move_on()) {
        const auto& data = filling.current();
        auto& command = commands.emplace_back(data.head.begin(), data.head.end());
        command.resize(data.size(), std::byte{0x55});
        seal(command);
    }
    return commands;
}

std::uint64_t number(const Command& command, AttributeType type) {
    std::uint64_t value = 0;
    const auto bytes = command.find(type).value();
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[i]);
    }
    return value;
}

std::vector<Part> parts_of(const FillingRule& rule, std::uint64_t offset, std::uint64_t length,
                           const FileExtent& extent) {
    std::vector<Part> parts;
    for (auto& bytes : commands_of(rule, offset, length, extent)) {
        const Command command(bytes, version_of(rule.form));
        CHECK(command.crc_is_right());
        parts.push_back({command.type(), number(command, AttributeType::file_offset),
                         command.find(AttributeType::data).value().size()});
    }
    return parts;
}

FileExtent regular(std::uint64_t offset, std::uint64_t length) {
    return {offset, length, false, 0, length, length, 0};
}

FileExtent packed(std::uint64_t offset, std::uint64_t length, std::uint64_t stored) {
    return {offset, length, false, zstd, stored, length, 0};
}

}  // namespace

TEST_CASE("an extent is filled with writes of the given length, and what is left over") {
    const FillingRule v1{Form::v1, 48 * 1024};
    CHECK(parts_of(v1, 8192, 100'000, regular(8192, 102'400)) ==
          std::vector<Part>{{CommandType::write, 8192, 49'152},
                            {CommandType::write, 57'344, 49'152},
                            {CommandType::write, 106'496, 1'696}});
    const FillingRule v2{Form::v2, 128 * 1024};
    CHECK(parts_of(v2, 0, 131'072, regular(0, 131'072)) ==
          std::vector<Part>{{CommandType::write, 0, 131'072}});
}

TEST_CASE("a compressed extent goes as it lies where the form has that, and it is worth it") {
    const FillingRule rule{Form::v2_compressed, 128 * 1024};
    CHECK(parts_of(rule, block, 131'072, packed(block, 131'072, 2 * block)) ==
          std::vector<Part>{{CommandType::encoded_write, block, 2 * block}});
    CHECK(parts_of({Form::v2, 128 * 1024}, block, 131'072, packed(block, 131'072, 2 * block)) ==
          std::vector<Part>{{CommandType::write, block, 131'072}});
    SECTION("a part that is shorter than the whole as it lies does not") {
        CHECK(parts_of(rule, block, block, packed(block, 131'072, 2 * block)) ==
              std::vector<Part>{{CommandType::write, block, block}});
    }
    SECTION("nor what is not compressed") {
        CHECK(parts_of(rule, 0, block, regular(0, block)) ==
              std::vector<Part>{{CommandType::write, 0, block}});
    }
    SECTION("nor one that ends before what is named does") {
        CHECK(parts_of(rule, 0, 2 * block, packed(0, block, block)) ==
              std::vector<Part>{{CommandType::write, 0, 2 * block}});
    }
}

TEST_CASE("an encoded write says where its data lies in what was packed together") {
    auto extent = packed(10 * block, 4 * block, block);
    extent.skipped = 3 * block;
    extent.unpacked = 32 * block;
    auto commands = commands_of({Form::v2_compressed, 128 * 1024}, 11 * block, 2 * block, extent);
    REQUIRE(commands.size() == 1);
    const Command command(commands.front(), 2);
    CHECK(number(command, AttributeType::unencoded_file_len) == 2 * block);
    CHECK(number(command, AttributeType::unencoded_len) == 32 * block);
    CHECK(number(command, AttributeType::unencoded_offset) == 4 * block);
    CHECK(number(command, AttributeType::compression) == 2);  // BTRFS_ENCODED_IO_COMPRESSION_ZSTD
    CHECK(command.find(AttributeType::encryption));
}

TEST_CASE("an inline extent goes encoded as far as it was written") {
    const FileExtent extent{0, 1703, true, zstd, 69, 1703, 0};
    auto commands = commands_of({Form::v2_compressed, 128 * 1024}, 0, 1703, extent);
    REQUIRE(commands.size() == 1);
    const Command command(commands.front(), 2);
    CHECK(command.type() == CommandType::encoded_write);
    CHECK(number(command, AttributeType::unencoded_file_len) == 1703);
    CHECK(number(command, AttributeType::unencoded_offset) == 0);
    CHECK_FALSE(command.find(AttributeType::encryption));
}

TEST_CASE("lzo is called by the size of a sector") {
    auto extent = packed(0, 131'072, block);
    extent.compression = lzo;
    const auto called = [&](std::uint32_t sector_size) {
        auto commands =
            commands_of({Form::v2_compressed, 128 * 1024, sector_size}, 0, 131'072, extent);
        return number(Command(commands.at(0), 2), AttributeType::compression);
    };
    CHECK(called(4096) == 3);   // BTRFS_ENCODED_IO_COMPRESSION_LZO_4K
    CHECK(called(65536) == 7);  // BTRFS_ENCODED_IO_COMPRESSION_LZO_64K
}

TEST_CASE("what is not known of an outline is refused") {
    std::vector<std::byte> bytes;
    CommandWriter(bytes, CommandType::update_extent).text(AttributeType::path, "file").finish();
    CHECK_THROWS_AS(named_extent(Command(bytes, 1)), Refused);
    Named endless(std::uint64_t{1} << 62U, std::uint64_t{1} << 62U, 1);
    CHECK_THROWS_AS(named_extent(Command(endless.bytes, 1)), Refused);
    auto extent = packed(0, block, block);
    extent.compression = 9;
    CHECK_THROWS_AS(commands_of({Form::v2_compressed, 128 * 1024}, 0, block, extent), Refused);
}
