#include "snapferry/core/names/snapshot_name.h"

#include "snapferry/core/text/utf8.h"

namespace snapferry {
namespace {

bool has_only_name_characters(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_utf8_character(text);
        if (!character || is_control(character->code_point) || character->code_point == '/')
            return false;
        text.remove_prefix(character->size);
    }
    return true;
}

}  // namespace

std::optional<SnapshotName> SnapshotName::parse(std::string_view text) {
    if (text.empty() || text.size() > max_size || text.front() == '.')
        return std::nullopt;
    if (!has_only_name_characters(text))
        return std::nullopt;
    return SnapshotName{text};
}

bool SnapshotName::has_tag(std::string_view source_tag) const {
    const std::string_view name = text_;
    return name.size() > source_tag.size() && name.ends_with(source_tag) &&
           name[name.size() - source_tag.size() - 1] == '@';
}

}  // namespace snapferry
