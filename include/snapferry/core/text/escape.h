#pragma once

#include <string>
#include <string_view>

namespace snapferry {

/// Text from the other side, or a name from a disk, made fit for one line of a log or a terminal:
/// control characters, DEL, C1 controls, characters that are not seen (is_unseen) and bytes that
/// are not UTF-8 become \xHH, a backslash becomes \\, and at most `limit` bytes of the input are
/// shown (then "...").
std::string escape_text(std::string_view text, std::size_t limit = 1024);

/// The last wall before a line is written: what escape_text would escape is escaped, but for
/// backslashes, so that what was escaped before stays as it is. Every log and table passes its
/// lines through this, for a name that nobody thought of escaping.
std::string safe_line(std::string_view line);

/// The same for a whole JSON document, as a library has written it: DEL, C1 controls and what is
/// not seen become \uHHHH there, which means the same to whoever reads it.
std::string safe_json(std::string_view document);

}  // namespace snapferry
