#include "snapferry/core/stream/data_size.h"

#include "../guard/attribute_values.h"

namespace snapferry::stream {

std::uint64_t size_with_data(const Command& command) {
    if (command.type() != CommandType::update_extent) {
        return command.bytes().size();
    }
    // The kernel's largest write in version 1 (BTRFS_SEND_READ_SIZE of fs/btrfs/send.c), each with
    // as much around it as this command has.
    constexpr std::uint64_t data_of_a_write = 48 * 1024;
    const auto size = number64_in(command, AttributeType::size);
    const auto writes = (size + data_of_a_write - 1) / data_of_a_write;
    return size + writes * command.bytes().size();
}

std::uint64_t data_named_by(const Command& command) {
    constexpr std::uint64_t block = 4096;  // bytes; btrfs keeps smaller ones in its trees
    if (command.type() != CommandType::update_extent) {
        return 0;
    }
    const auto size = number64_in(command, AttributeType::size);
    return size < block ? 0 : size;
}

bool asks_for_compression(const Command& command) {
    return command.type() == CommandType::set_xattr &&
           text_in(command, AttributeType::xattr_name) == "btrfs.compression";
}

}  // namespace snapferry::stream
