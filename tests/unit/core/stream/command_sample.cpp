#include "core/stream/command_sample.h"

#include <lzo/lzo1x.h>

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

namespace snapferry::stream::testing {
namespace {

Bytes little_endian(std::uint64_t value, std::size_t size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xff));
    return bytes;
}

Bytes lzo_segment(std::size_t size) {
    std::mt19937 random;  // always the same
    std::vector<unsigned char> noise(size);
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<unsigned char>(random()); });
    std::vector<unsigned char> packed(size + size / 16 + 67);  // the most that LZO makes of it
    std::vector<unsigned char> memory(LZO1X_1_MEM_COMPRESS);
    lzo_uint packed_size = packed.size();
    lzo1x_1_compress(noise.data(), size, packed.data(), &packed_size, memory.data());
    const auto bytes = std::as_bytes(std::span(packed)).first(packed_size);
    return {bytes.begin(), bytes.end()};
}

void append(Bytes& to, const Bytes& more) {
    to.insert(to.end(), more.begin(), more.end());
}

std::vector<CommandSample> all_samples() {
    using enum AttributeType;
    using Type = CommandType;
    const auto file = std::pair{path, bytes_of("dir/file")};
    const auto number = std::pair{ino, number64(257)};
    const auto offset = std::pair{file_offset, number64(4096)};
    const auto device = std::pair{rdev, number64(0x103)};
    return {
        {Type::subvol,
         {{path, bytes_of("name")},
          {AttributeType::uuid, bytes_of(own_uuid)},
          {ctransid, number64(7)}}},
        {Type::snapshot,
         {{path, bytes_of("name")},
          {AttributeType::uuid, bytes_of(own_uuid)},
          {ctransid, number64(7)},
          {clone_uuid, bytes_of(parent_uuid)},
          {clone_ctransid, number64(6)}}},
        {Type::mkfile, {file, number}},
        {Type::mkdir, {file, number}},
        {Type::mknod, {file, number, device, {mode, number64(0020644)}}},
        {Type::mkfifo, {file, number, device, {mode, number64(0010644)}}},
        {Type::mksock, {file, number, device, {mode, number64(0140644)}}},
        {Type::symlink, {file, number, {path_link, bytes_of("../target")}}},
        {Type::rename, {file, {path_to, bytes_of("other")}}},
        {Type::link, {file, {path_link, bytes_of("other")}}},
        {Type::unlink, {file}},
        {Type::rmdir, {file}},
        {Type::set_xattr,
         {file, {xattr_name, bytes_of("user.colour")}, {xattr_data, bytes_of("blue")}}},
        {Type::remove_xattr, {file, {xattr_name, bytes_of("user.colour")}}},
        {Type::write, {file, offset, {data, bytes_of("data")}}},
        {Type::clone,
         {file,
          offset,
          {clone_len, number64(4096)},
          {clone_uuid, bytes_of(parent_uuid)},
          {clone_ctransid, number64(6)},
          {clone_path, bytes_of("dir/source")},
          {clone_offset, number64(0)}}},
        {Type::truncate, {file, {size, number64(12345)}}},
        {Type::chmod, {file, {mode, number64(04755)}}},
        {Type::chown, {file, {uid, number64(1000)}, {gid, number64(100)}}},
        {Type::utimes,
         {file,
          {atime, time(1, 2)},
          {mtime, time(3, 4)},
          {ctime, time(5, 6)},
          {otime, time(7, 8)}}},
        {Type::end, {}},
        {Type::update_extent, {file, offset, {size, number64(4096)}}},
        {Type::fallocate, {file, {fallocate_mode, number32(0)}, offset, {size, number64(4096)}}},
        {Type::fileattr, {file, {AttributeType::fileattr, number64(0x2048)}}},
        {Type::encoded_write,
         {file,
          offset,
          {unencoded_file_len, number64(100)},
          {unencoded_len, number64(4096)},
          {unencoded_offset, number64(0)},
          {compression, number32(2)},
          {encryption, number32(0)},
          {data, zstd_extent(4096)}}},
    };
}

}  // namespace

Bytes bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span{text.data(), text.size()});
    return {bytes.begin(), bytes.end()};
}

Bytes bytes_of(const Uuid& uuid) {
    return {uuid.bytes().begin(), uuid.bytes().end()};
}

Bytes number32(std::uint32_t value) {
    return little_endian(value, 4);
}

Bytes number64(std::uint64_t value) {
    return little_endian(value, 8);
}

Bytes time(std::uint64_t seconds, std::uint32_t nanoseconds) {
    auto bytes = number64(seconds);
    const auto rest = number32(nanoseconds);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

Bytes zstd_extent(std::size_t size) {
    // Magic, one segment of 0 bytes, and a last raw block of 0 bytes; RFC 8878
    Bytes bytes = bytes_of({"\x28\xb5\x2f\xfd\x20\0\1\0\0", 9});
    bytes.resize(size);
    return bytes;
}

Bytes zlib_extent(std::size_t size) {
    Bytes bytes = bytes_of("\x78\x9c");
    bytes.resize(size);
    return bytes;
}

Bytes lzo_extent(const std::vector<std::size_t>& sizes, std::size_t sector) {
    constexpr std::size_t length_size = 4;
    Bytes extent(length_size);
    for (const auto size : sizes) {
        const auto left_in_sector = (sector - extent.size() % sector) % sector;
        if (left_in_sector < length_size)
            extent.resize(extent.size() + left_in_sector);
        const auto segment = lzo_segment(size);
        append(extent, number32(static_cast<std::uint32_t>(segment.size())));
        append(extent, segment);
    }
    const auto length = number32(static_cast<std::uint32_t>(extent.size()));
    std::copy(length.begin(), length.end(), extent.begin());
    return extent;
}

bool CommandSample::has(AttributeType attribute) const {
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const auto& each) { return each.first == attribute; });
}

CommandSample CommandSample::with(AttributeType attribute, const Bytes& value) const {
    auto changed = *this;
    for (auto& [type_of_each, value_of_each] : changed.attributes)
        if (type_of_each == attribute) {
            value_of_each = value;
            return changed;
        }
    changed.attributes.emplace_back(attribute, value);
    return changed;
}

CommandSample CommandSample::with_first(AttributeType attribute, const Bytes& value) const {
    auto changed = *this;
    changed.attributes.insert(changed.attributes.begin(), {attribute, value});
    return changed;
}

CommandSample CommandSample::without(AttributeType attribute) const {
    auto changed = *this;
    std::erase_if(changed.attributes, [&](const auto& each) { return each.first == attribute; });
    return changed;
}

CommandSample sample_of(CommandType type) {
    for (auto& sample : all_samples())
        if (sample.type == type)
            return sample;
    throw std::logic_error("no sample of that command");
}

std::vector<CommandSample> samples_within() {
    auto samples = all_samples();
    std::erase_if(samples, [](const CommandSample& sample) {
        return sample.type == CommandType::subvol || sample.type == CommandType::snapshot ||
               sample.type == CommandType::update_extent;
    });
    return samples;
}

Bytes command_bytes(const CommandSample& sample, std::uint32_t version) {
    Bytes bytes;
    CommandWriter writer{bytes, sample.type, version};
    for (const auto& [type, value] : sample.attributes)
        writer.bytes(type, value);
    writer.finish();
    return bytes;
}

void show(Guard& guard, const CommandSample& sample, std::uint32_t version) {
    auto bytes = command_bytes(sample, version);
    guard.check(Command{bytes, version});
}

}  // namespace snapferry::stream::testing
