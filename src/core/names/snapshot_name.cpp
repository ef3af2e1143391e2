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

std::string_view SnapshotName::fault(std::string_view text) {
    static_assert(max_size == 200);
    if (text.empty() || text.front() == '.')
        return "is empty or hidden";
    if (text.size() > max_size)
        return "is longer than 200 bytes";
    return has_only_name_characters(text)
               ? ""
               : "has control characters, or characters that are not UTF-8";
}

std::optional<SnapshotName> SnapshotName::parse(std::string_view text) {
    return fault(text).empty() ? std::optional(SnapshotName{text}) : std::nullopt;
}

bool SnapshotName::has_tag(std::string_view source_tag) const {
    return snapferry::has_tag(text_, source_tag);
}

bool has_tag(std::string_view name, std::string_view source_tag) {
    return name.size() > source_tag.size() && name.ends_with(source_tag) &&
           name[name.size() - source_tag.size() - 1] == '@';
}

}  // namespace snapferry
