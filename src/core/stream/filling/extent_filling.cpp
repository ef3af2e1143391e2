#include "snapferry/core/stream/filling/extent_filling.h"

#include <algorithm>
#include <limits>

#include "../../guard/attribute_check.h"
#include "../../guard/attribute_values.h"
#include "snapferry/core/guard/refused.h"

namespace snapferry::stream {
namespace {

/// How ENCODED_WRITE calls what btrfs' metadata calls otherwise. Source: linux/btrfs.h,
/// BTRFS_ENCODED_IO_COMPRESSION_*.
std::uint32_t encoded_compression(std::uint8_t compression, std::uint32_t sector_size) {
    enum : std::uint8_t { zlib = 1, lzo = 2, zstd = 3 };  // BTRFS_COMPRESS_*
    enum : std::uint8_t {
        as_zlib = 1,
        as_zstd = 2,
        as_lzo_4k = 3
    };  // the next ones are LZO_8K, ...
    constexpr std::uint32_t lzo_4k = 4096;
    switch (compression) {
        case zlib:
            return as_zlib;
        case zstd:
            return as_zstd;
        case lzo: {
            std::uint32_t name = as_lzo_4k;
            for (auto size = lzo_4k; size < sector_size; size *= 2) {
                ++name;
            }
            return name;
        }
        default:
            throw Refused("an extent is compressed in a way that is not known");
    }
}

}  // namespace

NamedExtent named_extent(const Command& update_extent) {
    check_attributes(update_extent);
    const NamedExtent named{text_in(update_extent, AttributeType::path),
                            number64_in(update_extent, AttributeType::file_offset),
                            number64_in(update_extent, AttributeType::size)};
    constexpr auto most = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (named.offset > most || named.length > most - named.offset) {
        throw Refused("an extent is named that no file can have");
    }
    return named;
}

std::uint64_t inode_made_by(const Command& mkfile) {
    check_attributes(mkfile);
    return number64_in(mkfile, AttributeType::ino);
}

void ExtentFilling::begin(const NamedExtent& named, const FileExtent& extent) {
    extent_ = extent;
    path_ = named.path;
    begin_ = at_ = named.offset;
    end_ = named.offset + named.length;
    make();
}

void ExtentFilling::move_on() {
    at_ = current_.is_encoded ? end_ : at_ + current_.data_size;
    make();
}

void ExtentFilling::make() {
    if (!has_more()) {
        return;
    }
    head_.clear();
    if (goes_encoded()) {
        make_encoded_write();
    } else {
        make_write(static_cast<std::size_t>(std::min<std::uint64_t>(rule_.writes, end_ - at_)));
    }
}

/// Unless it is longer than what it is to bring: a part of a large extent may be.
bool ExtentFilling::goes_encoded() const {
    const bool has_all = extent_.is_inline || end_ <= extent_.offset + extent_.length;
    return rule_.form == Form::v2_compressed && extent_.compression != 0 && has_all &&
           extent_.stored <= end_ - begin_;
}

void ExtentFilling::make_write(std::size_t data_size) {
    CommandWriter(head_, CommandType::write, version_of(rule_.form))
        .text(AttributeType::path, path_)
        .number64(AttributeType::file_offset, at_)
        .finish_before_data(data_size);
    current_ = {head_, data_size, at_, false};
}

void ExtentFilling::make_encoded_write() {
    const auto stored = static_cast<std::size_t>(extent_.stored);
    CommandWriter writer(head_, CommandType::encoded_write, version_of(rule_.form));
    writer.text(AttributeType::path, path_)
        .number64(AttributeType::file_offset, at_)
        .number64(AttributeType::unencoded_file_len,
                  std::min(extent_.offset + extent_.length - at_, end_ - at_))
        .number64(AttributeType::unencoded_len, extent_.unpacked)
        .number64(AttributeType::unencoded_offset, at_ - extent_.offset + extent_.skipped)
        .number32(AttributeType::compression,
                  encoded_compression(extent_.compression, rule_.sector_size));
    if (!extent_.is_inline) {  // the kernel is not of one mind
        writer.number32(AttributeType::encryption, 0);
    }
    writer.finish_before_data(stored);
    current_ = {head_, stored, at_, true};
}

}  // namespace snapferry::stream
