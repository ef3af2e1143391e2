#include "snapferry/core/report/nested_text.h"

#include <fmt/format.h>

#include <cstddef>

#include "snapferry/core/text/escape.h"

namespace snapferry {

std::string nested_text(const std::vector<std::string>& paths) {
    constexpr std::size_t most_named = 8;
    if (paths.empty()) {
        return {};
    }
    std::string names;
    for (std::size_t index = 0; index < paths.size() && index < most_named; ++index) {
        names += (index == 0 ? "" : ", ") + escape_text(paths[index]);
    }
    if (paths.size() > most_named) {
        names += fmt::format(" and {} more", paths.size() - most_named);
    }
    return paths.size() == 1
               ? fmt::format(
                     "{} is a subvolume of its own and is NOT in this backup; add a job for "
                     "it, or say nested = \"ignore\" in this one",
                     names)
               : fmt::format(
                     "{} are subvolumes of their own and are NOT in this backup; add jobs "
                     "for them, or say nested = \"ignore\" in this one",
                     names);
}

}  // namespace snapferry
