#include "snapferry/core/names/snapshot_name.h"

#include "snapferry/core/unicode/utf8.h"

namespace snapferry {
namespace {

std::string_view fault_of_characters(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_utf8_character(text);
        if (!character) {
            return "is not UTF-8";
        }
        if (is_control(character->code_point)) {
            return "holds a control character";
        }
        if (character->code_point == '/') {
            return "holds a '/'";
        }
        text.remove_prefix(character->size);
    }
    return {};
}

}  // namespace

std::string_view SnapshotName::fault(std::string_view text) {
    static_assert(max_size == 200);
    if (text.empty()) {
        return "is empty";
    }
    if (text.size() > max_size) {
        return "is longer than 200 bytes";
    }
    return text.front() == '.' ? "begins with a dot" : fault_of_characters(text);
}

std::optional<SnapshotName> SnapshotName::parse(std::string_view text) {
    return fault(text).empty() ? std::optional(SnapshotName{text}) : std::nullopt;
}

bool SnapshotName::has_tag(std::string_view source_tag) const {
    return carries_tag(text_, source_tag);
}

bool carries_tag(std::string_view name, std::string_view source_tag) {
    return name.size() > source_tag.size() && name.ends_with(source_tag) &&
           name[name.size() - source_tag.size() - 1] == '@';
}

std::string_view tag_in(std::string_view name) {
    const auto at = name.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : name.substr(at + 1);
}

}  // namespace snapferry
