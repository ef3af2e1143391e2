#include "value_check.h"

#include <cstdint>
#include <limits>

#include "../stream/little_endian.h"
#include "attribute_values.h"
#include "snapferry/core/names/uuid.h"

namespace snapferry::stream {
namespace {

constexpr std::uint64_t max_offset = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t permission_bits = 07777;
constexpr std::uint64_t mode_bits = 0177777;
constexpr std::uint64_t max_number32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t nanoseconds_per_second = 1'000'000'000;
constexpr std::size_t max_xattr_name = 255;         // bytes; XATTR_NAME_MAX
constexpr std::size_t max_xattr_value = 64 * 1024;  // bytes; XATTR_SIZE_MAX
constexpr std::size_t time_size = 12;               // bytes; struct btrfs_timespec

struct SizeRange {
    std::size_t least;  // bytes
    std::size_t most;
};

constexpr SizeRange exactly(std::size_t size) {
    return {size, size};
}

SizeRange size_range(ValueKind kind) {
    switch (kind) {
        case ValueKind::uuid:
            return exactly(Uuid::size);
        case ValueKind::number32:
            return exactly(4);
        case ValueKind::time:
        case ValueKind::any_time:
            return exactly(time_size);
        case ValueKind::path_or_root:
            return {0, max_path - 1};
        case ValueKind::path:
        case ValueKind::subvolume_name:
        case ValueKind::link_target:
            return {1, max_path - 1};
        case ValueKind::xattr_name:
            return {1, max_xattr_name};
        case ValueKind::xattr_value:
            return {0, max_xattr_value};
        case ValueKind::data:
            return {1, max_command_v2};
        case ValueKind::number64:
        case ValueKind::offset:
        case ValueKind::permissions:
        case ValueKind::file_mode:
        case ValueKind::device:
        case ValueKind::owner:
            break;
    }
    return exactly(8);
}

/// `btrfs receive` reads texts as C strings: what follows a NUL would be checked but not used.
std::string_view nul_fault(std::string_view text) {
    return text.find('\0') == std::string_view::npos ? "" : "holds a NUL";
}

std::string_view component_fault(std::string_view component) {
    if (component.empty() || component == "." || component == "..")
        return "is not a relative path without empty, '.' and '..' components";
    if (component.size() > max_path_component)
        return "has a component of more than 255 bytes";
    return "";
}

std::string_view path_fault(std::string_view path) {
    for (;;) {
        const auto slash = path.find('/');
        if (const auto fault = component_fault(path.substr(0, slash)); !fault.empty())
            return fault;
        if (slash == std::string_view::npos)
            return "";
        path.remove_prefix(slash + 1);
    }
}

std::string_view text_fault(ValueKind kind, std::string_view text) {
    if (const auto fault = nul_fault(text); !fault.empty())
        return fault;
    const bool is_root = kind == ValueKind::path_or_root && text.empty();
    const bool is_path = kind == ValueKind::path || kind == ValueKind::path_or_root;
    return is_path && !is_root ? path_fault(text) : "";
}

std::string_view at_most(std::span<const std::byte> value, std::uint64_t most) {
    return load_little_endian<std::uint64_t>(value) <= most ? "" : "is out of range";
}

std::string_view bits_within(std::span<const std::byte> value, std::uint64_t bits) {
    return (load_little_endian<std::uint64_t>(value) & ~bits) == 0 ? "" : "has bits it cannot have";
}

/// utimensat() takes special values of the nanoseconds for "now" and "as it was".
std::string_view time_fault(std::span<const std::byte> value) {
    const auto nanoseconds = load_little_endian<std::uint32_t>(value.subspan(8));
    return nanoseconds < nanoseconds_per_second ? "" : "has more nanoseconds than a second";
}

std::string_view content_fault(ValueKind kind, std::span<const std::byte> value) {
    switch (kind) {
        case ValueKind::offset:
            return at_most(value, max_offset);
        case ValueKind::owner:
            return at_most(value, max_number32 - 1);
        case ValueKind::device:
            return at_most(value, max_number32);
        case ValueKind::permissions:
            return bits_within(value, permission_bits);
        case ValueKind::file_mode:
            return bits_within(value, mode_bits);
        case ValueKind::time:
            return time_fault(value);
        case ValueKind::path:
        case ValueKind::path_or_root:
        case ValueKind::subvolume_name:
        case ValueKind::link_target:
        case ValueKind::xattr_name:
            return text_fault(kind, as_text(value));
        case ValueKind::uuid:
        case ValueKind::number32:
        case ValueKind::number64:
        case ValueKind::any_time:
        case ValueKind::xattr_value:
        case ValueKind::data:
            break;
    }
    return "";
}

}  // namespace

std::string_view value_fault(ValueKind kind, std::span<const std::byte> value) {
    const auto range = size_range(kind);
    if (value.size() < range.least)
        return "is too short";
    if (value.size() > range.most)
        return "is too long";
    return content_fault(kind, value);
}

}  // namespace snapferry::stream
