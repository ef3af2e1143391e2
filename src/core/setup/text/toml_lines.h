#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace snapferry::setup {

/// What stands in a TOML file one below the other; most take a line, a value may take several.
struct TomlLine {
    enum class Kind {
        empty,    ///< or a comment
        header,   ///< [a.b]
        element,  ///< [[a.b]]: a table that has no name of its own
        entry,    ///< a.b = value
    };
    Kind kind = Kind::empty;
    std::size_t begin = 0;  ///< in the text
    std::size_t end = 0;    ///< behind its line feed
    bool is_comment = false;
    std::vector<std::string> path;  ///< of a header: its table; of an entry: with its table's
    std::size_t value_begin = 0;    ///< of an entry
    std::size_t value_end = 0;      ///< behind its last character
};

/// All of the text, without a gap. Throws Failure (configuration) where it is not TOML as far as it
/// was looked at: values are passed over, not read.
std::vector<TomlLine> toml_lines(std::string_view text);

}  // namespace snapferry::setup
