#include "snapferry/core/manifest/digest_record.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "../stream/little_endian.h"

namespace snapferry::manifest {
namespace {

using stream::load_little_endian;
using stream::store_little_endian;

constexpr std::string_view magic = "sfdigest";
constexpr std::uint32_t version = 1;

// Of the header: magic, version, number of uuids, number of records, uuids.
constexpr std::size_t version_at = 8;
constexpr std::size_t uuids_at = 12;
constexpr std::size_t records_at = 16;
constexpr std::size_t lineage_at = 24;
static_assert(lineage_at + most_lineage * Uuid::size == header_size);

// Of a record: inode, size, seconds, nanoseconds, generation, flags and zeros, digests.
constexpr std::size_t size_at = 8;
constexpr std::size_t seconds_at = 16;
constexpr std::size_t nanoseconds_at = 24;
constexpr std::size_t generation_at = 28;
constexpr std::size_t flags_at = 32;
constexpr std::size_t contents_at = 40;
constexpr std::size_t xattrs_at = 72;
static_assert(xattrs_at + sizeof(Digest) == record_size);

constexpr std::uint64_t has_contents = 1;
constexpr std::uint64_t has_xattrs = 2;

Digest digest_in(std::span<const std::byte> bytes) {
    Digest digest{};
    std::copy_n(bytes.begin(), digest.size(), digest.begin());
    return digest;
}

}  // namespace

bool is_settled(const Time& changed, std::optional<std::chrono::sys_seconds> taken) {
    constexpr std::int64_t margin = 1;  // s; ticks are milliseconds, and `taken` is cut to a second
    return taken && changed.seconds + margin < taken->time_since_epoch().count();
}

std::array<std::byte, header_size> header_bytes(const DigestHeader& header) {
    std::array<std::byte, header_size> bytes{};
    const std::span all(bytes);
    const auto uuids = std::min(header.lineage.size(), most_lineage);
    std::ranges::copy(std::as_bytes(std::span(magic)), bytes.begin());
    store_little_endian(all.subspan(version_at), version);
    store_little_endian(all.subspan(uuids_at), static_cast<std::uint32_t>(uuids));
    store_little_endian(all.subspan(records_at), header.records);
    for (std::size_t index = 0; index < uuids; ++index) {
        std::ranges::copy(header.lineage[index].bytes(),
                          all.subspan(lineage_at + index * Uuid::size).begin());
    }
    return bytes;
}

std::optional<DigestHeader> header_from(std::span<const std::byte, header_size> bytes) {
    const auto uuids = load_little_endian<std::uint32_t>(bytes.subspan(uuids_at));
    const bool is_ours =
        std::ranges::equal(bytes.first(magic.size()), std::as_bytes(std::span(magic))) &&
        load_little_endian<std::uint32_t>(bytes.subspan(version_at)) == version;
    DigestHeader header{load_little_endian<std::uint64_t>(bytes.subspan(records_at))};
    if (!is_ours || uuids > most_lineage ||
        header.records > std::numeric_limits<std::uint64_t>::max() / record_size / 2) {
        return std::nullopt;
    }
    header.lineage.reserve(uuids);
    for (std::size_t index = 0; index < uuids; ++index) {
        header.lineage.emplace_back(
            bytes.subspan(lineage_at + index * Uuid::size).first<Uuid::size>());
    }
    return header;
}

std::array<std::byte, record_size> record_bytes(const DigestRecord& record) {
    std::array<std::byte, record_size> bytes{};
    const std::span all(bytes);
    const auto& state = record.state;
    store_little_endian(all, state.inode);
    store_little_endian(all.subspan(size_at), state.size);
    store_little_endian(all.subspan(seconds_at), static_cast<std::uint64_t>(state.changed.seconds));
    store_little_endian(all.subspan(nanoseconds_at), state.changed.nanoseconds);
    store_little_endian(all.subspan(generation_at), state.generation);
    store_little_endian(all.subspan(flags_at),
                        (record.contents ? has_contents : 0) | (record.xattrs ? has_xattrs : 0));
    std::ranges::copy(record.contents.value_or(Digest{}), all.subspan(contents_at).begin());
    std::ranges::copy(record.xattrs.value_or(Digest{}), all.subspan(xattrs_at).begin());
    return bytes;
}

DigestRecord record_from(std::span<const std::byte, record_size> bytes) {
    DigestRecord record;
    auto& state = record.state;
    state.inode = inode_in(bytes);
    state.size = load_little_endian<std::uint64_t>(bytes.subspan(size_at));
    state.changed.seconds =
        static_cast<std::int64_t>(load_little_endian<std::uint64_t>(bytes.subspan(seconds_at)));
    state.changed.nanoseconds = load_little_endian<std::uint32_t>(bytes.subspan(nanoseconds_at));
    state.generation = load_little_endian<std::uint32_t>(bytes.subspan(generation_at));
    const auto flags = load_little_endian<std::uint64_t>(bytes.subspan(flags_at));
    if ((flags & has_contents) != 0) {
        record.contents = digest_in(bytes.subspan(contents_at));
    }
    if ((flags & has_xattrs) != 0) {
        record.xattrs = digest_in(bytes.subspan(xattrs_at));
    }
    return record;
}

std::uint64_t inode_in(std::span<const std::byte, record_size> bytes) {
    return load_little_endian<std::uint64_t>(bytes);
}

std::uint64_t file_size_of(const DigestHeader& header) {
    return header_size + header.records * record_size + checksum_size;
}

}  // namespace snapferry::manifest
