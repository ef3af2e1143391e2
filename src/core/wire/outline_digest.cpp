#include "snapferry/core/wire/outline_digest.h"

#include <algorithm>
#include <array>

namespace snapferry::wire {
namespace {

constexpr std::size_t crc_size = 4;  // bytes
static_assert(stream::command_crc_position + crc_size == stream::command_header_size);

}  // namespace

void OutlineDigest::take(const stream::Command& command) {
    const auto bytes = command.bytes();
    const auto data = command.find(stream::AttributeType::data);
    if (!data || data->empty()) {
        take_up_to_data(bytes);
        return;
    }
    const auto begin = static_cast<std::size_t>(data->data() - bytes.data());
    take_up_to_data(bytes.first(begin));
    if (const auto rest = bytes.subspan(begin + data->size()); !rest.empty()) {
        digest_.update(rest);
    }
}

/// In one piece, where it is short: most commands are.
void OutlineDigest::take_up_to_data(std::span<const std::byte> command) {
    constexpr std::size_t room = 256;  // bytes
    std::array<std::byte, room> copy;  // NOLINT(cppcoreguidelines-pro-type-member-init)
    const auto size = std::min(command.size(), copy.size());
    std::copy_n(command.begin(), size, copy.begin());
    std::fill_n(copy.begin() + stream::command_crc_position, crc_size, std::byte{0});
    digest_.update(std::span(copy).first(size));
    if (const auto rest = command.subspan(size); !rest.empty()) {
        digest_.update(rest);
    }
}

}  // namespace snapferry::wire
