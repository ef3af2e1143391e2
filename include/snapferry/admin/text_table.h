#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/sys/machine/screen.h"

namespace snapferry::admin {

enum class Paint { plain, heading, good, warning, bad };

/// One line of text, escaped already.
struct Cell {
    std::string text{};
    Paint paint = Paint::plain;
};

struct Column {
    std::string title;
    bool shrinks = false;  ///< names: what may be cut where the screen is narrow
};

using Row = std::vector<Cell>;

/// A line of titles and a line for each row. On a screen, no line is longer than it is wide: names
/// are cut first, then the line's end. Each row has a cell for each column.
std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& rows,
                       const sys::Screen& screen);

/// How wide that would be where nothing had to be cut but names that are very long.
std::size_t table_width(const std::vector<Column>& columns, const std::vector<Row>& rows);

/// Words broken into lines that fit the screen, the second and later ones indented.
std::string wrapped_text(std::string_view text, const sys::Screen& screen);

}  // namespace snapferry::admin
