#include "attribute_values.h"

#include "../stream/little_endian.h"

namespace snapferry::stream {

std::uint64_t number64_in(const Command& command, AttributeType type) {
    return load_little_endian<std::uint64_t>(command.find(type).value());
}

std::uint32_t number32_in(const Command& command, AttributeType type) {
    return load_little_endian<std::uint32_t>(command.find(type).value());
}

Uuid uuid_in(const Command& command, AttributeType type) {
    return Uuid{command.find(type).value().first<Uuid::size>()};
}

std::string_view text_in(const Command& command, AttributeType type) {
    return as_text(command.find(type).value());
}

}  // namespace snapferry::stream
