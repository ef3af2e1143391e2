#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace snapferry {

/// How many columns of a terminal a text takes: none for a combining mark, two for a wide
/// character, one for any other. The text is escaped already.
std::size_t display_width(std::string_view text);

/// The text, or as much of it as fits into `width` columns with "…" behind it.
std::string cut_to_width(std::string_view text, std::size_t width);

/// As much of the text as fits, but one character at least.
std::string_view start_of_width(std::string_view text, std::size_t width);

}  // namespace snapferry
