#include "extent_check.h"

#include <fmt/format.h>

#include <limits>

#include "../encoded/compressed_data.h"
#include "attribute_values.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/stream/names.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::stream {
namespace {

constexpr std::uint64_t max_offset = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t max_unencoded = 128 * 1024;  // bytes; BTRFS_MAX_UNCOMPRESSED
constexpr std::uint64_t max_encoded = 128 * 1024;    // bytes; BTRFS_MAX_COMPRESSED

// BTRFS_ENCODED_IO_COMPRESSION_*: 3 to 7 are LZO with sectors of 4, 8, 16, 32 and 64 KiB.
constexpr std::uint32_t no_compression = 0;
constexpr std::uint32_t zlib_compression = 1;
constexpr std::uint32_t zstd_compression = 2;
constexpr std::uint32_t first_lzo_compression = 3;
constexpr std::uint32_t last_compression = 7;
constexpr std::size_t smallest_lzo_sector = 4 * 1024;  // bytes

// FALLOC_FL_* of linux/falloc.h; those that btrfs knows and that leave other bytes where they are
constexpr std::uint32_t keep_size = 0x01;
constexpr std::uint32_t punch_hole = 0x02;
constexpr std::uint32_t zero_range = 0x10;

[[noreturn]] void refuse(const Command& command, std::string_view why) {
    throw Refused(fmt::format("{} of '{}' {}", name_of(command.type()),
                              escape_text(text_in(command, AttributeType::path), 256), why));
}

void check_range(const Command& command, std::uint64_t offset, std::uint64_t length) {
    if (length == 0)
        refuse(command, "has no length");
    if (offset > max_offset || length > max_offset - offset)
        refuse(command, "reaches beyond the end of any file");
}

std::uint32_t number32_or_none(const Command& command, AttributeType type) {
    return command.find(type) ? number32_in(command, type) : 0;
}

void check_encoding(const Command& command) {
    if (number32_or_none(command, AttributeType::encryption) != 0)
        refuse(command, "is encrypted, which is not supported");
    if (number32_or_none(command, AttributeType::compression) > last_compression)
        refuse(command, "has a compression that is not known");
}

void check_encoded_sizes(const Command& command) {
    const auto length = number64_in(command, AttributeType::unencoded_len);
    const auto within = number64_in(command, AttributeType::unencoded_offset);
    const auto shown = number64_in(command, AttributeType::unencoded_file_len);
    if (length == 0 || length > max_unencoded)
        refuse(command, "unpacks to nothing, or to more than an extent has");
    if (within > length || shown > length - within)
        refuse(command, "shows more than it unpacks to");
}

bool can_be_unpacked(std::span<const std::byte> data, std::uint32_t compression,
                     std::size_t unpacked) {
    switch (compression) {
        case no_compression:
            return data.size() == unpacked;
        case zlib_compression:
            return is_zlib(data);
        case zstd_compression:
            return is_zstd(data);
        default:
            return is_lzo(data, smallest_lzo_sector << (compression - first_lzo_compression),
                          unpacked);
    }
}

void check_encoded_data(const Command& command) {
    const auto data = command.find(AttributeType::data).value();
    if (data.size() > max_encoded)
        refuse(command, "has more data than an extent");
    // check_encoded_sizes() has seen that it is no more than an extent has.
    const auto unpacked =
        static_cast<std::size_t>(number64_in(command, AttributeType::unencoded_len));
    if (!can_be_unpacked(data, number32_or_none(command, AttributeType::compression), unpacked))
        refuse(command, "has data that does not unpack to what it says");
}

}  // namespace

void check_write(const Command& command) {
    check_range(command, number64_in(command, AttributeType::file_offset),
                command.find(AttributeType::data).value().size());
}

void check_clone_range(const Command& command) {
    const auto length = number64_in(command, AttributeType::clone_len);
    check_range(command, number64_in(command, AttributeType::file_offset), length);
    check_range(command, number64_in(command, AttributeType::clone_offset), length);
}

void check_fallocate(const Command& command) {
    check_range(command, number64_in(command, AttributeType::file_offset),
                number64_in(command, AttributeType::size));
    const auto mode = number32_in(command, AttributeType::fallocate_mode);
    const bool preallocates = mode == 0 || mode == keep_size;
    const bool punches = mode == (punch_hole | keep_size);
    const bool zeroes = (mode & ~keep_size) == zero_range;
    if (!preallocates && !punches && !zeroes)
        refuse(command, "has a mode that is not known");
}

std::uint64_t preallocated_size(const Command& command) {
    if (command.type() != CommandType::fallocate ||
        (number32_in(command, AttributeType::fallocate_mode) & punch_hole) != 0) {
        return 0;
    }
    return number64_in(command, AttributeType::size);
}

void check_encoded_write(const Command& command) {
    check_encoding(command);
    check_encoded_sizes(command);
    check_encoded_data(command);
    check_range(command, number64_in(command, AttributeType::file_offset),
                number64_in(command, AttributeType::unencoded_file_len));
}

}  // namespace snapferry::stream
