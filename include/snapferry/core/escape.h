#pragma once

#include <string>
#include <string_view>

namespace snapferry {

/// Text from the other side, or a name from a disk, made fit for one line of a log or a terminal:
/// control characters, DEL, C1 controls and bytes that are not UTF-8 become \xHH, a backslash
/// becomes \\, and at most `limit` bytes of the input are shown (then "...").
std::string escape_text(std::string_view text, std::size_t limit = 1024);

}  // namespace snapferry
