#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/command.h"

/// The values of attributes whose presence and size have been checked against the command's rule.
/// Each throws std::bad_optional_access where the command has no such attribute.
namespace snapferry::stream {

std::uint64_t number64_in(const Command& command, AttributeType type);
std::uint32_t number32_in(const Command& command, AttributeType type);
Uuid uuid_in(const Command& command, AttributeType type);
std::string_view text_in(const Command& command, AttributeType type);

/// The same bytes as text: a view of them.
inline std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace snapferry::stream
