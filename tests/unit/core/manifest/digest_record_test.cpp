#include "snapferry/core/manifest/digest_record.h"

#include "catch.h"
#include "numbered_uuid.h"

using namespace snapferry;
using namespace snapferry::manifest;

namespace {

Digest digest(int number) {
    Digest made{};
    made.fill(static_cast<std::byte>(number));
    return made;
}

const InodeState state{0x1122334455667788, 0xa1b2c3d4, 0xffffffffffffffff, {-2, 999'999'999}};

}  // namespace

TEST_CASE("what is remembered of an inode is read as it was written") {
    for (const auto& record :
         {DigestRecord{state, digest(1), digest(2)}, DigestRecord{state, digest(1)},
          DigestRecord{state, {}, digest(2)}, DigestRecord{state}, DigestRecord{}}) {
        CHECK((record_from(record_bytes(record)) == record));
        CHECK(inode_in(record_bytes(record)) == record.state.inode);
    }
}

TEST_CASE("a record has the bytes that it is documented to have, whatever the machine") {
    const auto bytes = record_bytes({state, digest(7)});
    const std::array<unsigned char, 41> begin{
        0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc9, 0x9a, 0x3b,
        0xd4, 0xc3, 0xb2, 0xa1, 1,    0,    0,    0,    0,    0,    0,    0,    7};
    CHECK(std::equal(begin.begin(), begin.end(), bytes.begin(), [](auto wanted, auto found) {
        return static_cast<std::byte>(wanted) == found;
    }));
}

TEST_CASE("the header of what is remembered is read as it was written") {
    const DigestHeader header{200'000, {uuid(1), uuid(2), uuid(3)}};
    CHECK((header_from(header_bytes(header)) == header));
    CHECK(file_size_of(header) == 280 + 200'000 * 104 + 32);
}

TEST_CASE("a header of another version, or with more than there can be, is none") {
    const auto good = header_bytes({1, {uuid(1)}});
    REQUIRE(header_from(good));
    for (const std::size_t at : {0U, 7U, 8U, 11U}) {
        auto other = good;
        other.at(at) ^= std::byte{1};
        CAPTURE(at);
        CHECK_FALSE(header_from(other));
    }
    auto many_uuids = good;
    many_uuids.at(12) = std::byte{17};
    CHECK_FALSE(header_from(many_uuids));
    auto many_records = good;
    many_records.at(23) = std::byte{0xff};
    CHECK_FALSE(header_from(many_records));
}

TEST_CASE("more lineage than there is room for is cut") {
    DigestHeader header{0};
    for (unsigned number = 1; number <= 20; ++number)
        header.lineage.push_back(uuid(number));
    const auto read = header_from(header_bytes(header));
    REQUIRE(read);
    CHECK(read->lineage.size() == most_lineage);
    CHECK(read->lineage.front() == uuid(1));
}

TEST_CASE("what changed while the snapshot was being taken is not remembered") {
    using std::chrono::seconds;
    using std::chrono::sys_seconds;
    const sys_seconds taken{seconds{1000}};
    CHECK(is_settled({998, 999'999'999}, taken));
    CHECK_FALSE(is_settled({999, 0}, taken));
    CHECK_FALSE(is_settled({1000, 0}, taken));
    CHECK_FALSE(is_settled({5000, 0}, taken));  // by a clock that was wrong then, or is now
    CHECK(is_settled({-5, 0}, taken));
    CHECK_FALSE(is_settled({1, 0}, std::nullopt));
}
