#include "snapferry/core/stream/names.h"

#include <array>

namespace snapferry::stream {
namespace {

constexpr std::string_view unknown = "unknown";

// Both in order of number, from 0.
constexpr std::array<std::string_view, 26> command_names{
    unknown,        "subvol",        "snapshot",  "mkfile",   "mkdir",        "mknod", "mkfifo",
    "mksock",       "symlink",       "rename",    "link",     "unlink",       "rmdir", "set_xattr",
    "remove_xattr", "write",         "clone",     "truncate", "chmod",        "chown", "utimes",
    "end",          "update_extent", "fallocate", "fileattr", "encoded_write"};

constexpr std::array<std::string_view, 32> attribute_names{unknown,         "uuid",
                                                           "ctransid",      "ino",
                                                           "size",          "mode",
                                                           "uid",           "gid",
                                                           "rdev",          "ctime",
                                                           "mtime",         "atime",
                                                           "otime",         "xattr_name",
                                                           "xattr_data",    "path",
                                                           "path_to",       "path_link",
                                                           "file_offset",   "data",
                                                           "clone_uuid",    "clone_ctransid",
                                                           "clone_path",    "clone_offset",
                                                           "clone_len",     "fallocate_mode",
                                                           "fileattr",      "unencoded_file_len",
                                                           "unencoded_len", "unencoded_offset",
                                                           "compression",   "encryption"};

template <typename Names, typename Type>
std::string_view name_in(const Names& names, Type type) {
    const auto number = static_cast<std::size_t>(type);
    return number < names.size() ? names[number] : unknown;
}

}  // namespace

std::string_view name_of(CommandType type) {
    return name_in(command_names, type);
}

std::string_view name_of(AttributeType type) {
    return name_in(attribute_names, type);
}

}  // namespace snapferry::stream
