#include "snapferry/core/guard/guard.h"

#include "catch.h"
#include "core/stream/command_sample.h"
#include "core/stream/real_stream.h"

using namespace snapferry::stream;
using snapferry::SnapshotName;
using snapferry::Uuid;
using namespace snapferry::stream::testing;

namespace {

StreamIdentity full() {
    return {*SnapshotName::parse("name"), own_uuid, 7, std::nullopt};
}

StreamIdentity increment() {
    return {*SnapshotName::parse("name"), own_uuid, 7, parent_uuid};
}

/// A guard that has passed the first command of a stream.
Guard within(const StreamIdentity& identity, std::uint32_t version) {
    Guard guard{identity, form_of(version)};
    const auto first = identity.parent_uuid ? CommandType::snapshot : CommandType::subvol;
    show(guard, sample_of(first), version);
    return guard;
}

std::string refusal_of(const CommandSample& sample, std::uint32_t version = 2) {
    return refusal([&] {
        auto guard = within(increment(), version);
        show(guard, sample, version);
    });
}

std::string refusal_of_first(const CommandSample& sample, const StreamIdentity& announced) {
    return refusal([&] {
        Guard guard{announced, Form::v1};
        show(guard, sample, 1);
    });
}

}  // namespace

TEST_CASE("the guard takes what the kernel sends") {
    for (const auto& name : good_streams) {
        const auto stream = real_stream(name);
        CAPTURE(name);
        CHECK(read(stream, identity_in(stream)).whole);
    }
}

TEST_CASE("one good command of each kind passes in each version that has it") {
    for (const auto& sample : samples_within())
        for (const std::uint32_t version : {1U, 2U}) {
            CAPTURE(sample.type, version);
            CHECK(refusal_of(sample, version).empty() == is_known(sample.type, version));
        }
}

TEST_CASE("the first command must be the one that was announced") {
    CHECK(refusal_of_first(sample_of(CommandType::subvol), full()).empty());
    CHECK(refusal_of_first(sample_of(CommandType::snapshot), increment()).empty());

    const auto snapshot = sample_of(CommandType::snapshot);
    using enum AttributeType;
    CHECK(refusal_of_first(snapshot.with(path, bytes_of("other")), increment()) ==
          "stream refused: it holds 'other', but 'name' was announced");
    CHECK(refusal_of_first(snapshot.with(AttributeType::uuid, bytes_of(foreign_uuid)),
                           increment()) != "");
    CHECK(refusal_of_first(snapshot.with(ctransid, number64(8)), increment()) != "");
    CHECK(refusal_of_first(snapshot.with(clone_uuid, bytes_of(foreign_uuid)), increment()) != "");
    CHECK(refusal_of_first(snapshot, full()) == "stream refused: it builds on the parent " +
                                                    parent_uuid.text() +
                                                    ", but no parent was announced");
    CHECK(refusal_of_first(sample_of(CommandType::subvol), increment()) ==
          "stream refused: it builds on no parent, but the parent " + parent_uuid.text() +
              " was announced");
}

TEST_CASE("nothing else may come first") {
    for (const auto& sample : samples_within()) {
        CAPTURE(sample.type);
        CHECK(refusal_of_first(sample, full()) != "");
    }
    CHECK(refusal_of_first(sample_of(CommandType::end), full()) ==
          "stream refused: it starts with end, not with a subvolume or snapshot");
}

TEST_CASE("a second subvolume or snapshot is refused") {
    for (const auto type : {CommandType::subvol, CommandType::snapshot})
        CHECK(refusal_of(sample_of(type)) == "stream refused: it holds more than one subvolume");
}

TEST_CASE("the rest of a stream has no first command, and is held to the same") {
    auto guard = Guard::for_rest(increment(), Form::v1);
    CHECK(refusal([&] { show(guard, sample_of(CommandType::snapshot), 1); }) ==
          "stream refused: it holds more than one subvolume");
    show(guard, sample_of(CommandType::clone), 1);
    const auto foreign =
        sample_of(CommandType::clone).with(AttributeType::clone_uuid, bytes_of(foreign_uuid));
    CHECK(refusal([&] { show(guard, foreign, 1); }) != "");
    show(guard, sample_of(CommandType::end), 1);
    CHECK(guard.ended());
}

TEST_CASE("nothing may come after the end") {
    auto guard = within(full(), 1);
    CHECK_FALSE(guard.ended());
    show(guard, sample_of(CommandType::end), 1);
    CHECK(guard.ended());
    for (const auto type : {CommandType::end, CommandType::subvol, CommandType::write})
        CHECK(refusal([&] { show(guard, sample_of(type), 1); }) != "");
}

TEST_CASE("what a stream says it is can be read from its first command") {
    auto bytes = command_bytes(sample_of(CommandType::snapshot), 1);
    CHECK(identity_of(Command{bytes, 1}) == increment());
    bytes = command_bytes(sample_of(CommandType::subvol), 1);
    CHECK(identity_of(Command{bytes, 1}) == full());
}

TEST_CASE("a stream that cannot say what it is, is refused") {
    const auto subvol = sample_of(CommandType::subvol);
    const auto snapshot = sample_of(CommandType::snapshot);
    using enum AttributeType;
    for (const auto& sample :
         {subvol.with(path, bytes_of("../name")), subvol.with(path, bytes_of("")),
          subvol.with(path, bytes_of("a/b")), subvol.with(path, bytes_of(".snapferry")),
          subvol.with(path, bytes_of(std::string(201, 'x'))),
          subvol.with(AttributeType::uuid, Bytes(16)), subvol.without(ctransid),
          snapshot.with(clone_uuid, Bytes(16)), snapshot.without(clone_uuid),
          subvol.with(clone_uuid, bytes_of(parent_uuid)), sample_of(CommandType::mkdir)}) {
        auto bytes = command_bytes(sample, 1);
        CHECK_THROWS_AS(identity_of(Command(bytes, 1)), snapferry::Failure);
    }
}

TEST_CASE("an announcement that leaves open whose data a clone takes is refused") {
    auto identity = increment();
    identity.parent_uuid = identity.uuid;
    CHECK(refusal([&] { Guard(identity, Form::v1); }) ==
          "stream refused: the snapshot and its parent have the same uuid");
    identity.parent_uuid = Uuid{};
    CHECK(refusal([&] { Guard(identity, Form::v1); }) != "");
    identity = full();
    identity.uuid = Uuid{};
    CHECK(refusal([&] { Guard(identity, Form::v1); }) != "");
}

TEST_CASE("a command without one of its attributes is refused") {
    using enum AttributeType;
    for (const auto& sample : samples_within())
        for (const auto& [type, value] : sample.attributes) {
            const bool optional = type == otime || type == compression || type == encryption;
            CAPTURE(sample.type, type);
            CHECK(refusal_of(sample.without(type)).empty() == optional);
        }
}

TEST_CASE("a command with an attribute of another is refused") {
    for (const auto& sample : samples_within())
        for (std::uint16_t number = 1; number <= 31; ++number) {
            const AttributeType type{number};
            if (sample.has(type) || sample.attributes.size() == max_attributes)
                continue;
            CAPTURE(sample.type, type);
            CHECK(refusal_of(sample.with_first(type, number64(0))) != "");
        }
}

TEST_CASE("numbers, times and uuids have their exact sizes") {
    using enum AttributeType;
    const auto has_any_size = [](AttributeType type) {
        return type == path || type == path_to || type == path_link || type == xattr_name ||
               type == xattr_data || type == data || type == clone_path;
    };
    for (const auto& sample : samples_within())
        for (const auto& [type, value] : sample.attributes) {
            if (has_any_size(type))
                continue;
            CAPTURE(sample.type, type);
            auto longer = value;
            longer.push_back({});
            CHECK(refusal_of(sample.with(type, longer)) != "");
            auto shorter = value;
            shorter.pop_back();
            CHECK(refusal_of(sample.with(type, shorter)) != "");
        }
}

TEST_CASE("every path of every command stays below the subvolume's root") {
    const std::string bad = GENERATE(
        std::string{"/"}, std::string{"/etc"}, std::string{".."}, std::string{"../x"},
        std::string{"a/../b"}, std::string{"a/.."}, std::string{"."}, std::string{"./a"},
        std::string{"a/."}, std::string{"a//b"}, std::string{"a/"}, std::string{"a\0b", 3},
        std::string{"\0", 1}, std::string(256, 'x'), "a/" + std::string(256, 'x') + "/b", [] {
            std::string deep = "a";
            while (deep.size() < 4096)
                deep += "/a";
            return deep;
        }());
    using enum AttributeType;
    for (const auto& sample : samples_within())
        for (const auto type : {path, path_to, path_link, clone_path}) {
            const bool is_free_text = sample.type == CommandType::symlink && type == path_link;
            if (!sample.has(type) || is_free_text)
                continue;
            CAPTURE(sample.type, type, bad);
            CHECK(refusal_of(sample.with(type, bytes_of(bad))) != "");
        }
}

TEST_CASE("odd paths that lead nowhere else are taken") {
    const std::string good =
        GENERATE(std::string{"a/b/c"}, std::string{"..."}, std::string{"..a"}, std::string{"-rf"},
                 std::string{"new\nline"}, std::string{"\xff\xfe"}, std::string{" "},
                 std::string(255, 'x'), std::string(255, 'x') + "/" + std::string(255, 'y'));
    using enum AttributeType;
    for (const auto& sample : samples_within())
        for (const auto type : {path, path_to, path_link, clone_path})
            if (sample.has(type))
                CHECK(refusal_of(sample.with(type, bytes_of(good))).empty());
}

TEST_CASE("only what the kernel changes at the root may name the root") {
    using enum CommandType;
    for (const auto& sample : samples_within()) {
        if (!sample.has(AttributeType::path))
            continue;
        const bool may = sample.type == set_xattr || sample.type == remove_xattr ||
                         sample.type == CommandType::chmod || sample.type == CommandType::chown ||
                         sample.type == utimes || sample.type == CommandType::fileattr;
        CAPTURE(sample.type);
        CHECK(refusal_of(sample.with(AttributeType::path, {})).empty() == may);
    }
}

TEST_CASE("a symlink may point anywhere, but has a target that fits a path") {
    const auto symlink = sample_of(CommandType::symlink);
    const auto refusal_with = [&](const std::string& target) {
        return refusal_of(symlink.with(AttributeType::path_link, bytes_of(target)));
    };
    for (const auto& target : {std::string{"/etc/passwd"}, std::string{"../../.."},
                               std::string{"a//b/"}, std::string(4095, 'x')})
        CHECK(refusal_with(target).empty());
    CHECK(refusal_with("") != "");
    CHECK(refusal_with(std::string(4096, 'x')) != "");
    CHECK(refusal_with(std::string{"a\0b", 3}) != "");
}

TEST_CASE("an xattr has a name of 1 to 255 bytes") {
    for (const auto type : {CommandType::set_xattr, CommandType::remove_xattr}) {
        const auto refusal_with = [&](const std::string& name) {
            return refusal_of(sample_of(type).with(AttributeType::xattr_name, bytes_of(name)));
        };
        CHECK(refusal_with(std::string(255, 'n')).empty());
        CHECK(refusal_with(std::string(256, 'n')) != "");
        CHECK(refusal_with("") != "");
        CHECK(refusal_with(std::string{"user.a\0b", 8}) != "");
    }
}

TEST_CASE("an xattr's value may be empty or long") {
    const auto set_xattr = sample_of(CommandType::set_xattr);
    CHECK(refusal_of(set_xattr.with(AttributeType::xattr_data, {})).empty());
    CHECK(refusal_of(set_xattr.with(AttributeType::xattr_data, Bytes(0xffff))).empty());
}

TEST_CASE("a node has the mode of its own type") {
    const auto [type, mode, allowed] = GENERATE(table<CommandType, std::uint64_t, bool>({
        {CommandType::mknod, 0020600, true},
        {CommandType::mknod, 0060600, true},
        {CommandType::mknod, 0010600, false},
        {CommandType::mknod, 0100600, false},
        {CommandType::mknod, 0600, false},
        {CommandType::mkfifo, 0010600, true},
        {CommandType::mkfifo, 0020600, false},
        {CommandType::mksock, 0140755, true},
        {CommandType::mksock, 0060600, false},
        {CommandType::mknod, 0x10000 | 0020600, false},
    }));
    CAPTURE(type, mode);
    CHECK(refusal_of(sample_of(type).with(AttributeType::mode, number64(mode))).empty() == allowed);
}

TEST_CASE("numbers that the system calls would cut or take otherwise are refused") {
    using enum AttributeType;
    using Type = CommandType;
    const auto [command, attribute, value, allowed] =
        GENERATE(table<CommandType, AttributeType, std::uint64_t, bool>({
            {Type::chmod, mode, 07777, true},
            {Type::chmod, mode, 010000, false},
            {Type::chown, uid, 0xfffffffe, true},
            {Type::chown, uid, 0xffffffff, false},
            {Type::chown, gid, 0xfffffffe, true},
            {Type::chown, gid, 0x100000000, false},
            {Type::mknod, rdev, 0xffffffff, true},
            {Type::mknod, rdev, 0x100000000, false},
            {Type::truncate, size, 0x7fffffffffffffff, true},
            {Type::truncate, size, 0x8000000000000000, false},
            {Type::write, file_offset, 0x7fffffffffffffff - 4, true},
            {Type::write, file_offset, 0x7fffffffffffffff - 3, false},
            {Type::write, file_offset, 0xffffffffffffffff, false},
            {Type::clone, file_offset, 0x7fffffffffffffff - 4096, true},
            {Type::clone, file_offset, 0x7fffffffffffffff - 4095, false},
            {Type::clone, clone_offset, 0x7fffffffffffffff - 4096, true},
            {Type::clone, clone_offset, 0x7fffffffffffffff - 4095, false},
            {Type::clone, clone_len, 0, false},
            {Type::clone, clone_len, 0xffffffffffffffff, false},
            {Type::fallocate, size, 0, false},
            {Type::fallocate, file_offset, 0x7fffffffffffffff, false},
        }));
    CAPTURE(command, attribute, value);
    CHECK(refusal_of(sample_of(command).with(attribute, number64(value))).empty() == allowed);
}

TEST_CASE("times may be before 1970, but have less than a second of nanoseconds") {
    using enum AttributeType;
    const auto utimes = sample_of(CommandType::utimes);
    for (const auto type : {atime, mtime, ctime}) {
        CHECK(refusal_of(utimes.with(type, time(~std::uint64_t{0}, 999'999'999))).empty());
        CHECK(refusal_of(utimes.with(type, time(0, 1'000'000'000))) != "");
        CHECK(refusal_of(utimes.with(type, time(0, 0x3fffffff))) != "");  // UTIME_NOW
    }
}

TEST_CASE("a write has data") {
    const auto write = sample_of(CommandType::write);
    CHECK(refusal_of(write.with(AttributeType::data, {}), 1) != "");
    CHECK(refusal_of(write.with(AttributeType::data, {}), 2) != "");
    CHECK(refusal_of(write.with(AttributeType::data, Bytes(128 * 1024)), 2).empty());
}

TEST_CASE("a clone takes its data from the snapshot itself or from its parent, and nowhere else") {
    const auto clone = sample_of(CommandType::clone);
    const auto from = [&](const Uuid& uuid) {
        return clone.with(AttributeType::clone_uuid, bytes_of(uuid));
    };
    CHECK(refusal_of(from(own_uuid)).empty());
    CHECK(refusal_of(from(parent_uuid)).empty());
    CHECK(refusal_of(from(foreign_uuid)) ==
          "stream refused: clone of 'dir/file' takes its data from " + foreign_uuid.text() +
              ", which is neither the snapshot nor its parent");
    CHECK(refusal_of(from(Uuid{})) != "");

    auto guard = within(full(), 1);
    show(guard, from(own_uuid), 1);
    CHECK(refusal([&] { show(guard, from(parent_uuid), 1); }) != "");
}

TEST_CASE("streams without file data are refused") {
    const std::string why = "stream refused: it was made without file data (send --no-data)";
    CHECK(refusal_of(sample_of(CommandType::update_extent)) == why);
    const auto stream = real_stream("no_data_v1");
    CHECK(refusal([&] { read(stream, identity_in(stream)); }) == why);
}

TEST_CASE("the kernel's own LZO is taken") {
    const auto stream = real_stream("lzo_v2");
    CHECK(read(stream, identity_in(stream)).whole);
}

TEST_CASE("LZO data is taken where it stays within what it says") {
    using enum AttributeType;
    const auto lzo = [](std::uint32_t kind, const Bytes& extent) {
        const auto encoded = sample_of(CommandType::encoded_write);
        return refusal_of(encoded.with(compression, number32(kind)).with(data, extent));
    };
    const std::string why =
        "stream refused: encoded_write of 'dir/file' has data that does not unpack to what it says";
    // The sample says that it unpacks to 4096 bytes.
    CHECK(lzo(3, lzo_extent({4096}, 4096)) == "");
    CHECK(lzo(3, lzo_extent({100}, 4096)) == "");
    CHECK(lzo(3, lzo_extent({2048, 2048}, 4096)) == "");
    CHECK(lzo(3, lzo_extent({4097}, 4096)) == why);  // more than a sector
    CHECK(lzo(3, lzo_extent({4096, 1}, 4096)) == why);
    CHECK(lzo(3, lzo_extent({2048, 4096}, 4096)) == why);
    CHECK(lzo(4, lzo_extent({8192}, 8192)) == why);
    CHECK(lzo(7, lzo_extent({65536}, 65536)) == why);
    CHECK(lzo(7, lzo_extent({4096}, 65536)) == "");
    const auto whole = lzo_extent({4096}, 4096);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(lzo(3, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}) != "");
    }
    auto padded = lzo_extent({100}, 4096);
    padded.resize(4096);
    CHECK(lzo(3, padded) == "");  // to the sector, as the disk has it
    auto too_long = whole;
    too_long[0] = std::byte{0xff};
    CHECK(lzo(3, too_long) == why);
    auto long_segment = whole;
    long_segment[4] = std::byte{0xff};
    CHECK(lzo(3, long_segment) == why);
    CHECK(lzo(3, {std::byte{4}, std::byte{0}, std::byte{0}, std::byte{0}}) == why);
}

TEST_CASE("a length of LZO data does not cross the end of a sector") {
    using enum AttributeType;
    // 39 bytes of noise take 47: 87 segments end three bytes before the end of the first 4 KiB.
    const std::size_t count = 140;
    const std::size_t noise = 39;
    const Bytes extent = lzo_extent(std::vector<std::size_t>(count, noise), 4096);
    REQUIRE(extent.size() == 4 + count * 47 + 3);
    const auto sample =
        sample_of(CommandType::encoded_write).with(compression, number32(3)).with(data, extent);
    CHECK(refusal_of(sample.with(unencoded_len, number64(count * noise))) == "");
    CHECK(refusal_of(sample.with(unencoded_len, number64(count * noise - 1))) != "");
}

TEST_CASE("an encoded write says nothing that btrfs receive would run over") {
    using enum AttributeType;
    const auto [attribute, value, allowed] = GENERATE(table<AttributeType, std::uint64_t, bool>({
        {unencoded_len, 128 * 1024, true},
        {unencoded_len, 128 * 1024 + 1, false},
        {unencoded_len, 0, false},
        {unencoded_len, 99, false},
        {unencoded_len, 0xffffffffffffffff, false},
        {unencoded_offset, 100, true},
        {unencoded_offset, 4096 - 100, true},
        {unencoded_offset, 4096 - 99, false},
        {unencoded_offset, 0x7fffffffffffffff, false},
        {unencoded_offset, 0xffffffffffffff9c, false},
        {unencoded_file_len, 4096, true},
        {unencoded_file_len, 4097, false},
        {unencoded_file_len, 0, false},
        {unencoded_file_len, 0xffffffffffffffff, false},
        {file_offset, 0x7fffffffffffffff - 100, true},
        {file_offset, 0x7fffffffffffffff - 99, false},
    }));
    CAPTURE(attribute, value);
    const auto sample = sample_of(CommandType::encoded_write).with(attribute, number64(value));
    CHECK(refusal_of(sample).empty() == allowed);
}

TEST_CASE("an encoded write is compressed in a known way and not encrypted") {
    const auto encoded = sample_of(CommandType::encoded_write);
    using enum AttributeType;
    CHECK(refusal_of(encoded.with(compression, number32(2))).empty());
    const auto zlib = encoded.with(compression, number32(1)).with(data, zlib_extent(4096));
    CHECK(refusal_of(zlib).empty());
    for (const std::uint32_t compression_type : {8U, 0xffffffffU})
        CHECK(refusal_of(encoded.with(compression, number32(compression_type))) != "");
    CHECK(refusal_of(encoded.with(encryption, number32(1))) != "");
}

TEST_CASE(
    "encoded data is not longer than an extent, and has its own length where not compressed") {
    const auto encoded = sample_of(CommandType::encoded_write);
    using enum AttributeType;
    CHECK(refusal_of(encoded.with(data, zstd_extent(128 * 1024))).empty());
    CHECK(refusal_of(encoded.with(data, zstd_extent(128 * 1024 + 1))) != "");
    CHECK(refusal_of(encoded.with(data, {})) != "");

    const auto plain = encoded.with(compression, number32(0));
    CHECK(refusal_of(plain.with(data, Bytes(4096))).empty());
    CHECK(refusal_of(plain.with(data, Bytes(4095))) != "");
    CHECK(refusal_of(plain.with(data, Bytes(4097))) != "");
    CHECK(refusal_of(plain.without(compression).with(data, Bytes(4095))) != "");
}

TEST_CASE("encoded data is of the compression that it says") {
    const auto zstd = sample_of(CommandType::encoded_write);
    using enum AttributeType;
    const auto zlib = zstd.with(compression, number32(1));
    const std::string why =
        "stream refused: encoded_write of 'dir/file' has data that does not unpack to what it says";
    CHECK(refusal_of(zstd.with(data, zlib_extent(4096))) == why);
    CHECK(refusal_of(zlib.with(data, zstd_extent(4096))) == why);
    CHECK(refusal_of(zstd.with(data, Bytes(4096))) == why);
    CHECK(refusal_of(zlib.with(data, Bytes(4096))) == why);
    for (const std::size_t size : {1U, 4U, 8U})
        CHECK(refusal_of(zstd.with(data, zstd_extent(size))) == why);
    CHECK(refusal_of(zlib.with(data, zlib_extent(1))) == why);
}

TEST_CASE("what a command takes of the disk without bringing it is known") {
    using enum AttributeType;
    const auto size_of = [](const CommandSample& sample) {
        auto bytes = command_bytes(sample, 2);
        return preallocated_size(Command(bytes, 2));
    };
    const auto fallocate =
        sample_of(CommandType::fallocate).with(size, number64(std::uint64_t{1} << 40));
    for (const std::uint32_t mode : {0x00U, 0x01U, 0x10U, 0x11U})
        CHECK(size_of(fallocate.with(fallocate_mode, number32(mode))) == std::uint64_t{1} << 40);
    CHECK(size_of(fallocate.with(fallocate_mode, number32(0x03U))) == 0);
    CHECK(size_of(sample_of(CommandType::write)) == 0);
    CHECK(size_of(sample_of(CommandType::truncate)) == 0);
}

TEST_CASE("fallocate may allocate, punch and zero, and nothing that moves other bytes") {
    const auto fallocate = sample_of(CommandType::fallocate);
    const auto refused = [&](std::uint32_t mode) {
        return refusal_of(fallocate.with(AttributeType::fallocate_mode, number32(mode))) != "";
    };
    for (const std::uint32_t mode : {0x00U, 0x01U, 0x03U, 0x10U, 0x11U})
        CHECK_FALSE(refused(mode));
    for (const std::uint32_t mode : {0x02U, 0x04U, 0x08U, 0x20U, 0x40U, 0x13U, 0x80000000U})
        CHECK(refused(mode));
}

TEST_CASE("what is refused is named without its escape sequences") {
    const auto sample =
        sample_of(CommandType::unlink).with(AttributeType::path, bytes_of("\x1b[2J/.."));
    CHECK(refusal_of(sample) ==
          "stream refused: unlink of '\\x1b[2J/..': the attribute path is not a relative path "
          "without empty, '.' and '..' components");
}
