#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// The btrfs send stream as the kernel writes it. Source: Linux fs/btrfs/send.h and send.c.
namespace snapferry::stream {

inline constexpr std::string_view magic{"btrfs-stream\0", 13};

/// bytes: the magic and a little-endian 32-bit version
inline constexpr std::size_t stream_header_size = magic.size() + 4;

/// bytes: le32 length of the payload, le16 command, le32 crc32c of the whole with this field zero
inline constexpr std::size_t command_header_size = 10;
inline constexpr std::size_t command_type_position = 4;
inline constexpr std::size_t command_crc_position = 6;

/// bytes: le16 type, le16 length of the value. In version 2 DATA has the type alone, and is last.
inline constexpr std::size_t attribute_header_size = 4;

inline constexpr std::uint32_t max_version = 2;

/// bytes, header included; BTRFS_SEND_BUF_SIZE_V1
inline constexpr std::size_t max_command_v1 = 64 * 1024;

/// bytes, header included; the kernel's buffer is 16 KiB + BTRFS_MAX_COMPRESSED (128 KiB) rounded
/// up to a page, and a page has 64 KiB at most
inline constexpr std::size_t max_command_v2 = 192 * 1024;

/// bytes; PATH_MAX and NAME_MAX of Linux, the NUL of PATH_MAX counted
inline constexpr std::size_t max_path = 4096;
inline constexpr std::size_t max_path_component = 255;

/// bytes, header included; nothing of that version is longer
constexpr std::size_t max_command(std::uint32_t version) {
    return version < 2 ? max_command_v1 : max_command_v2;
}

enum class CommandType : std::uint16_t {
    subvol = 1,
    snapshot = 2,
    mkfile = 3,
    mkdir = 4,
    mknod = 5,
    mkfifo = 6,
    mksock = 7,
    symlink = 8,
    rename = 9,
    link = 10,
    unlink = 11,
    rmdir = 12,
    set_xattr = 13,
    remove_xattr = 14,
    write = 15,
    clone = 16,
    truncate = 17,
    chmod = 18,
    chown = 19,
    utimes = 20,
    end = 21,
    update_extent = 22,
    fallocate = 23,
    fileattr = 24,
    encoded_write = 25,
};

/// True where streams of that version may have the command.
constexpr bool is_known(CommandType type, std::uint32_t version) {
    const auto last = version < 2 ? CommandType::update_extent : CommandType::encoded_write;
    return type >= CommandType::subvol && type <= last;
}

enum class AttributeType : std::uint16_t {
    uuid = 1,
    ctransid = 2,
    ino = 3,
    size = 4,
    mode = 5,
    uid = 6,
    gid = 7,
    rdev = 8,
    ctime = 9,
    mtime = 10,
    atime = 11,
    otime = 12,
    xattr_name = 13,
    xattr_data = 14,
    path = 15,
    path_to = 16,
    path_link = 17,
    file_offset = 18,
    data = 19,
    clone_uuid = 20,
    clone_ctransid = 21,
    clone_path = 22,
    clone_offset = 23,
    clone_len = 24,
    fallocate_mode = 25,
    fileattr = 26,
    unencoded_file_len = 27,
    unencoded_len = 28,
    unencoded_offset = 29,
    compression = 30,
    encryption = 31,
};

inline constexpr AttributeType last_attribute = AttributeType::encryption;

/// The most attributes that a command has: ENCODED_WRITE's.
inline constexpr std::size_t max_attributes = 8;

}  // namespace snapferry::stream
