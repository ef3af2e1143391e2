#include "snapferry/core/stream/data_size.h"

#include "catch.h"

using namespace snapferry::stream;

namespace {

/// One command of version 1, alive as long as this is.
class Made {
  public:
    explicit Made(CommandType type) : writer_(bytes_, type) {}
    CommandWriter& with() { return writer_; }
    Command command() {
        writer_.finish();
        return Command(bytes_, 1);
    }

  private:
    std::vector<std::byte> bytes_;
    CommandWriter writer_;
};

std::uint64_t named_by_extent_of(std::uint64_t size) {
    Made made(CommandType::update_extent);
    made.with()
        .text(AttributeType::path, "file")
        .number64(AttributeType::file_offset, 0)
        .number64(AttributeType::size, size);
    return data_named_by(made.command());
}

bool asks(std::string_view attribute) {
    Made made(CommandType::set_xattr);
    made.with()
        .text(AttributeType::path, "file")
        .text(AttributeType::xattr_name, attribute)
        .text(AttributeType::xattr_data, "zstd");
    return asks_for_compression(made.command());
}

}  // namespace

TEST_CASE("an extent that is named takes its size, unless it may lie among the metadata") {
    CHECK(named_by_extent_of(1 << 20) == 1 << 20);
    CHECK(named_by_extent_of(4096) == 4096);
    CHECK(named_by_extent_of(2048) == 0);
}

TEST_CASE("a file that is to be stored compressed is noticed") {
    CHECK(asks("btrfs.compression"));
    CHECK_FALSE(asks("user.compression"));
}
