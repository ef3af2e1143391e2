#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/manifest/entry.h"

namespace snapferry::manifest {

/// The line of an entry, without its end. There is exactly one for each entry.
std::string line_of(const Entry& entry);

/// The entry of a line; nothing where line_of() makes that line of none.
std::optional<Entry> parse_line(std::string_view line);

/// Whether a path stays beneath the top of the tree and could be on a disk: no empty name, no "."
/// or "..", no name or path that is too long, no NUL.
bool is_path_beneath(std::string_view path);

}  // namespace snapferry::manifest
