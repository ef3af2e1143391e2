#include "snapferry/core/manifest/difference.h"

#include <array>
#include <utility>

namespace snapferry::manifest {

std::string_view name_of(Aspect aspect) {
    constexpr std::array<std::string_view, 13> names{
        "missing", "extra", "kind", "contents", "size",  "target",    "device",
        "mode",    "owner", "time", "xattr",    "links", "unreadable"};
    return names.at(static_cast<std::size_t>(aspect));
}

std::string text_of(const std::vector<Aspect>& aspects) {
    std::string text;
    for (const auto aspect : aspects) {
        text += text.empty() ? "" : ", ";
        text += name_of(aspect);
    }
    return text;
}

/// Of another kind, nothing else of it can be compared.
std::optional<Difference> difference(const Entry& expected, const Entry& found) {
    if (expected.kind != found.kind) {
        return Difference{expected.path, {Aspect::kind}};
    }
    Difference difference{expected.path, {}};
    const auto note = [&](Aspect aspect, bool same) {
        if (!same) {
            difference.aspects.push_back(aspect);
        }
    };
    note(Aspect::size, expected.size == found.size);
    note(Aspect::contents, expected.contents == found.contents);
    note(Aspect::target, expected.target == found.target);
    note(Aspect::device, expected.device == found.device);
    note(Aspect::mode, expected.mode == found.mode);
    note(Aspect::owner, std::pair(expected.uid, expected.gid) == std::pair(found.uid, found.gid));
    note(Aspect::time, expected.modified == found.modified);
    note(Aspect::xattrs, expected.xattrs == found.xattrs);
    note(Aspect::links, expected.group.has_value() == found.group.has_value());
    return difference.aspects.empty() ? std::nullopt : std::optional(std::move(difference));
}

}  // namespace snapferry::manifest
