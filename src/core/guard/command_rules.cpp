#include "command_rules.h"

namespace snapferry::stream {
namespace {

using enum AttributeType;
using Kind = ValueKind;

constexpr AttributeRule at_path{path, Kind::path};
constexpr AttributeRule at_path_or_root{path, Kind::path_or_root};
constexpr AttributeRule at_offset{file_offset, Kind::offset};

constexpr AttributeRule optional(AttributeType type, ValueKind kind) {
    return {type, kind, false};
}

constexpr std::size_t command_count = static_cast<std::size_t>(CommandType::encoded_write) + 1;

constexpr auto rules = [] {
    std::array<CommandRule, command_count> table{};
    const auto set = [&table](CommandType command, std::initializer_list<AttributeRule> rule) {
        table[static_cast<std::size_t>(command)] = CommandRule{rule};
    };
    // Version 1
    set(CommandType::subvol, {{path, Kind::subvolume_name},
                              {AttributeType::uuid, Kind::uuid},
                              {ctransid, Kind::number64}});
    set(CommandType::snapshot, {{path, Kind::subvolume_name},
                                {AttributeType::uuid, Kind::uuid},
                                {ctransid, Kind::number64},
                                {clone_uuid, Kind::uuid},
                                {clone_ctransid, Kind::number64}});
    for (const auto command : {CommandType::mkfile, CommandType::mkdir})
        set(command, {at_path, {ino, Kind::number64}});
    for (const auto command : {CommandType::mknod, CommandType::mkfifo, CommandType::mksock})
        set(command,
            {at_path, {ino, Kind::number64}, {rdev, Kind::device}, {mode, Kind::file_mode}});
    set(CommandType::symlink, {at_path, {ino, Kind::number64}, {path_link, Kind::link_target}});
    set(CommandType::rename, {at_path, {path_to, Kind::path}});
    set(CommandType::link, {at_path, {path_link, Kind::path}});
    set(CommandType::unlink, {at_path});
    set(CommandType::rmdir, {at_path});
    set(CommandType::set_xattr,
        {at_path_or_root, {xattr_name, Kind::xattr_name}, {xattr_data, Kind::xattr_value}});
    set(CommandType::remove_xattr, {at_path_or_root, {xattr_name, Kind::xattr_name}});
    set(CommandType::write, {at_path, at_offset, {data, Kind::data}});
    set(CommandType::clone, {at_path,
                             at_offset,
                             {clone_len, Kind::offset},
                             {clone_uuid, Kind::uuid},
                             {clone_ctransid, Kind::number64},
                             {clone_path, Kind::path},
                             {clone_offset, Kind::offset}});
    set(CommandType::truncate, {at_path, {size, Kind::offset}});
    set(CommandType::chmod, {at_path_or_root, {mode, Kind::permissions}});
    set(CommandType::chown, {at_path_or_root, {uid, Kind::owner}, {gid, Kind::owner}});
    set(CommandType::utimes, {at_path_or_root,
                              {atime, Kind::time},
                              {mtime, Kind::time},
                              {ctime, Kind::time},
                              optional(otime, Kind::any_time)});
    set(CommandType::end, {});
    set(CommandType::update_extent, {at_path, at_offset, {size, Kind::offset}});
    // Version 2
    set(CommandType::fallocate,
        {at_path, {fallocate_mode, Kind::number32}, at_offset, {size, Kind::offset}});
    set(CommandType::fileattr, {at_path_or_root, {AttributeType::fileattr, Kind::number64}});
    set(CommandType::encoded_write, {at_path,
                                     at_offset,
                                     {unencoded_file_len, Kind::offset},
                                     {unencoded_len, Kind::offset},
                                     {unencoded_offset, Kind::offset},
                                     optional(compression, Kind::number32),
                                     optional(encryption, Kind::number32),
                                     {data, Kind::data}});
    return table;
}();

}  // namespace

const CommandRule& rule_of(CommandType type) {
    return rules.at(static_cast<std::size_t>(type));
}

}  // namespace snapferry::stream
