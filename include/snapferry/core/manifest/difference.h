#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"

namespace snapferry::manifest {

enum class Aspect {
    missing,
    extra,
    kind,
    contents,
    size,
    target,
    device,
    mode,
    owner,
    time,
    xattrs,
    links,
    unreadable  ///< of a file whose contents the disk does not give
};

/// "contents", "mode": for a person and for JSON.
std::string_view name_of(Aspect aspect);

/// "contents, mode"
std::string text_of(const std::vector<Aspect>& aspects);

/// How an entry is not what it should be.
struct Difference {
    std::string path;  ///< in the bytes of the disk
    std::vector<Aspect> aspects;

    friend bool operator==(const Difference&, const Difference&) = default;
};

/// How what is there differs from what should be, of the same path; nothing where it does not.
/// Groups of hard links are compared by Comparison, for their numbers depend on the rest.
std::optional<Difference> difference(const Entry& expected, const Entry& found);

}  // namespace snapferry::manifest
