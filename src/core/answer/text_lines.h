#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry {

/// Without regard to the case of ASCII letters; `words` in lower case.
bool contains(std::string_view line, std::string_view words);

/// True of a line that is more than blanks.
bool says_something(std::string_view line);

/// The last line of a text of which `is_it` is true, without blanks at its end.
std::optional<std::string_view> last_line_that(std::string_view text,
                                               const std::function<bool(std::string_view)>& is_it);

/// A line of the other side in a message: escaped, and not too long.
std::string shown_line(std::string_view line);

}  // namespace snapferry
