#include "snapferry/core/stream/xattr_size.h"

#include <fmt/format.h>

#include "../guard/attribute_values.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::stream {

std::size_t xattr_size(const Command& command) {
    return command.type() == CommandType::set_xattr
               ? command.find(AttributeType::xattr_name).value().size() +
                     command.find(AttributeType::xattr_data).value().size()
               : 0;
}

std::string xattr_text(const Command& command) {
    return fmt::format("{} of '{}'", escape_text(text_in(command, AttributeType::xattr_name)),
                       escape_text(text_in(command, AttributeType::path), 256));
}

}  // namespace snapferry::stream
