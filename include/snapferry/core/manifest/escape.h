#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace snapferry::manifest {

/// A path as mtree(5) has it: every byte but letters, digits and a few signs as a backslash and
/// three octal digits. So a line is ASCII, and a space ends a word.
std::string escaped(std::string_view bytes);

/// The bytes again. Nothing where the text is not exactly what escaped() makes of any.
std::optional<std::string> unescaped(std::string_view text);

}  // namespace snapferry::manifest
