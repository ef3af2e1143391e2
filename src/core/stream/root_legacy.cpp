#include "snapferry/core/stream/root_legacy.h"

#include <algorithm>
#include <utility>

#include "../guard/attribute_values.h"

namespace snapferry::stream {
namespace {

bool is_about_legacy(const Command& command) {
    const bool is_of_xattr =
        command.type() == CommandType::set_xattr || command.type() == CommandType::remove_xattr;
    return is_of_xattr && text_in(command, AttributeType::path).empty() &&
           std::ranges::find(RootLegacy::names(), text_in(command, AttributeType::xattr_name)) !=
               RootLegacy::names().end();
}

}  // namespace

const std::vector<std::string>& RootLegacy::names() {
    static const std::vector<std::string> all{"system.posix_acl_default", "btrfs.compression"};
    return all;
}

void RootLegacy::lay_aside(Xattrs present, std::vector<std::byte>& out) {
    laid_aside_ = std::move(present);
    for (const auto& [name, value] : laid_aside_) {
        CommandWriter(out, CommandType::remove_xattr)
            .text(AttributeType::path, "")
            .text(AttributeType::xattr_name, name)
            .finish();
    }
}

bool RootLegacy::takes(const Command& command) {
    if (!is_about_legacy(command)) {
        return false;
    }
    const std::string name(text_in(command, AttributeType::xattr_name));
    if (command.type() == CommandType::remove_xattr) {
        laid_aside_.erase(name);
    } else {
        const auto value = command.find(AttributeType::xattr_data).value();
        laid_aside_[name] = {value.begin(), value.end()};
    }
    return true;
}

void RootLegacy::put_back(std::vector<std::byte>& out) const {
    for (const auto& [name, value] : laid_aside_) {
        CommandWriter(out, CommandType::set_xattr)
            .text(AttributeType::path, "")
            .text(AttributeType::xattr_name, name)
            .bytes(AttributeType::xattr_data, value)
            .finish();
    }
}

}  // namespace snapferry::stream
