#include "snapferry/admin/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/unicode/display_width.h"

namespace snapferry::admin {
namespace {

constexpr std::size_t gap = 2;             // blanks between columns
constexpr std::size_t least_of_name = 10;  // columns of a terminal that a name is left with

std::string_view colour_of(Paint paint) {
    constexpr std::array<std::string_view, 5> colours{"", "\x1b[1m", "\x1b[32m", "\x1b[33m",
                                                      "\x1b[31m"};
    return colours.at(static_cast<std::size_t>(paint));
}

std::string painted(const std::string& text, Paint paint, const sys::Screen& screen) {
    const auto colour = colour_of(paint);
    return screen.has_colours && !colour.empty() && !text.empty()
               ? fmt::format("{}{}\x1b[0m", colour, text)
               : text;
}

std::vector<std::size_t> natural_widths(const std::vector<Row>& lines) {
    std::vector<std::size_t> widths(lines.front().size());
    for (const auto& line : lines) {
        for (std::size_t index = 0; index < line.size(); ++index) {
            widths[index] = std::max(widths[index], display_width(line[index].text));
        }
    }
    return widths;
}

std::size_t total_of(const std::vector<std::size_t>& widths) {
    return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
}

/// Takes from the widest of the names, a column at a time, until the line fits or all are small.
void shrink(std::vector<std::size_t>& widths, const std::vector<Column>& columns,
            std::size_t room) {
    while (total_of(widths) > room) {
        auto widest = widths.end();
        for (std::size_t index = 0; index < widths.size(); ++index) {
            if (columns[index].shrinks && widths[index] > least_of_name &&
                (widest == widths.end() || widths[index] > *widest)) {
                widest = widths.begin() + static_cast<std::ptrdiff_t>(index);
            }
        }
        if (widest == widths.end()) {
            return;
        }
        --*widest;
    }
}

std::string line_text(const Row& line, const std::vector<std::size_t>& widths,
                      const sys::Screen& screen) {
    std::string text;
    std::size_t used = 0;
    std::size_t blanks = 0;  // not written before something follows them
    for (std::size_t index = 0; index < line.size(); ++index) {
        auto width = widths[index];
        if (screen.width) {
            const auto begin = used + blanks;
            width = std::min(width, *screen.width > begin ? *screen.width - begin : 0);
        }
        const auto cell = cut_to_width(line[index].text, width);
        const auto taken = display_width(cell);
        if (taken > 0) {
            text += std::string(blanks, ' ') + painted(cell, line[index].paint, screen);
            used += blanks + taken;
            blanks = 0;
        }
        blanks += widths[index] - std::min(taken, widths[index]) + gap;
    }
    return text + "\n";
}

}  // namespace

std::string table_text(const std::vector<Column>& columns, const std::vector<Row>& rows,
                       const sys::Screen& screen) {
    std::vector<Row> lines(1);
    for (const auto& column : columns) {
        lines.front().push_back({column.title, Paint::heading});
    }
    for (auto row : rows) {
        for (auto& cell : row) {
            cell.text = safe_line(cell.text);
        }
        lines.push_back(std::move(row));
    }
    auto widths = natural_widths(lines);
    if (screen.width) {
        shrink(widths, columns, *screen.width);
    }
    std::string text;
    for (const auto& line : lines) {
        text += line_text(line, widths, screen);
    }
    return text;
}

std::size_t table_width(const std::vector<Column>& columns, const std::vector<Row>& rows) {
    constexpr std::size_t enough_of_name = 24;
    std::vector<std::size_t> widths;
    widths.reserve(columns.size());
    for (const auto& column : columns) {
        widths.push_back(display_width(column.title));
    }
    for (const auto& row : rows) {
        for (std::size_t index = 0; index < widths.size(); ++index) {
            const auto width = display_width(safe_line(row[index].text));
            const auto needed = columns[index].shrinks ? std::min(width, enough_of_name) : width;
            widths[index] = std::max(widths[index], needed);
        }
    }
    return total_of(widths);
}

namespace {

constexpr std::string_view indent = "    ";

/// Of a word that is longer than a line, what fills whole lines: a path is no use cut. `line`: what
/// comes before it, which goes first.
std::string take_whole_lines(std::string& word, std::string& line, std::size_t width) {
    std::string lines;
    const auto room = width - std::min(indent.size(), width);
    while (display_width(word) > room) {
        auto piece = std::string(start_of_width(word, std::max<std::size_t>(room, 1)));
        if (!line.empty() && line != indent) {
            lines += line + "\n";
        }
        line = indent;
        word.erase(0, piece.size());
        lines += line + piece + "\n";
    }
    return lines;
}

}  // namespace

std::string wrapped_text(std::string_view words, const sys::Screen& screen) {
    const auto safe = safe_line(words);
    std::string_view text = safe;
    std::string lines;
    std::string line;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        auto word = std::string(text.substr(0, end));
        if (screen.width) {
            lines += take_whole_lines(word, line, *screen.width);
        }
        const bool fits = !screen.width || line.empty() || line == indent ||
                          display_width(line) + 1 + display_width(word) <= *screen.width;
        if (!fits) {
            lines += line + "\n";
            line = indent;
        }
        line += line.empty() || line == indent ? "" : " ";
        line += word;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines + line + "\n";
}

}  // namespace snapferry::admin
