#include "snapferry/core/setup/text/toml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "toml_lines.h"

namespace snapferry::setup {
namespace {

using Kind = TomlLine::Kind;
using Lines = std::vector<TomlLine>;

bool is_in(const std::vector<std::string>& path, const TomlTable& table) {
    return path.size() >= table.size() && std::equal(table.begin(), table.end(), path.begin());
}

std::string key_text(std::string_view name) {
    constexpr std::string_view bare =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !name.empty() && name.find_first_not_of(bare) == std::string_view::npos
               ? std::string(name)
               : toml_text(name);
}

std::string entry_line(const TomlEntry& entry, std::string_view line_feed) {
    return fmt::format("{} = {}{}", key_text(entry.key), entry.value, line_feed);
}

std::string_view line_feed_of(std::string_view text) {
    const auto first = text.find('\n');
    return first != std::string_view::npos && first > 0 && text[first - 1] == '\r' ? "\r\n" : "\n";
}

/// The line of the key; nothing where the table has none.
Lines::const_iterator find_entry(const Lines& lines, const TomlTable& table, std::string_view key) {
    auto path = table;
    path.emplace_back(key);
    return std::find_if(lines.begin(), lines.end(), [&](const TomlLine& line) {
        return line.kind == Kind::entry && line.path == path;
    });
}

Lines::const_iterator find_header(const Lines& lines, const TomlTable& table) {
    return std::find_if(lines.begin(), lines.end(), [&](const TomlLine& line) {
        return line.kind == Kind::header && line.path == table;
    });
}

bool begins_a_table(const TomlLine& line) {
    return line.kind == Kind::header || line.kind == Kind::element;
}

/// Where a key goes that follows the others of the table whose lines begin at `first`.
std::size_t behind_the_keys(Lines::const_iterator first, Lines::const_iterator last,
                            std::size_t otherwise) {
    auto place = otherwise;
    for (auto line = first; line != last && !begins_a_table(*line); ++line) {
        if (line->kind == Kind::entry) {
            place = line->end;
        }
    }
    return place;
}

/// Above all tables: behind the keys there, or else above the first table and its own comment.
std::size_t place_above_all_tables(const Lines& lines, std::size_t size) {
    const auto first = std::find_if(lines.begin(), lines.end(), begins_a_table);
    auto otherwise = first == lines.end() ? size : first->begin;
    for (auto line = first;
         first != lines.end() && line != lines.begin() && std::prev(line)->is_comment;) {
        --line;
        otherwise = line->begin;
    }
    return behind_the_keys(lines.begin(), lines.end(), otherwise);
}

/// Where a new key goes; nothing where there is no such table.
std::optional<std::size_t> place_for_keys(const Lines& lines, const TomlTable& table,
                                          std::size_t size) {
    if (table.empty()) {
        return place_above_all_tables(lines, size);
    }
    const auto header = find_header(lines, table);
    if (header == lines.end()) {
        return std::nullopt;
    }
    return behind_the_keys(std::next(header), lines.end(), header->end);
}

/// What is written where nothing stood: apart from what is above and below it.
std::string set_apart(const std::string& text, std::string_view addition, std::size_t place,
                      bool is_table) {
    const auto line_feed = std::string(line_feed_of(text));
    const auto before = std::string_view(text).substr(0, place);
    const auto after = std::string_view(text).substr(place);
    std::string result(before);
    if (!before.empty() && before.back() != '\n') {
        result += line_feed;
    }
    if (is_table && !before.empty()) {
        result += line_feed;
    }
    result += addition;
    return result + std::string(after);
}

std::string with_value(const std::string& text, const TomlLine& line, const std::string& value) {
    auto result = text;
    return result.replace(line.value_begin, line.value_end - line.value_begin, value);
}

std::string without_parts(std::string_view text, const Lines& parts) {
    std::string result;
    std::size_t from = 0;
    for (const auto& part : parts) {
        result += text.substr(from, part.begin - from);
        from = part.end;
    }
    return result + std::string(text.substr(from));
}

bool is_only_empty(const TomlLine& line) {
    return line.kind == Kind::empty && !line.is_comment;
}

/// The lines that a table takes: from each header on to its last key. What is empty above a header
/// goes too, where it would be left over.
class TableLines {
  public:
    TableLines(const Lines& lines, const TomlTable& table) : lines_(lines), table_(table) {}

    Lines find() {
        for (auto line = lines_.begin(); line != lines_.end();) {
            if (begins_a_table(*line) && is_in(line->path, table_)) {
                line = take_table(line);
            } else {
                if (line->kind == Kind::entry && is_in(line->path, table_)) {
                    found_.push_back(*line);
                }
                ++line;
            }
        }
        return found_;
    }

  private:
    Lines::const_iterator take_table(Lines::const_iterator header) {
        const auto next = std::find_if(std::next(header), lines_.end(), begins_a_table);
        auto part = *header;
        part.end = behind_the_keys(std::next(header), next, header->end);
        const auto after = std::find_if(
            header, lines_.end(), [&](const TomlLine& line) { return line.begin >= part.end; });
        const bool leaves_gap = after == lines_.end() || is_only_empty(*after);
        if (leaves_gap && header != lines_.begin() && is_only_empty(*std::prev(header))) {
            part.begin = std::prev(header)->begin;
        }
        found_.push_back(part);
        return after;
    }

    const Lines& lines_;
    const TomlTable& table_;
    Lines found_;
};

}  // namespace

std::string toml_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            quoted += '\\';
            quoted += character;
        } else if (byte < 0x20 || byte == 0x7f) {
            quoted += fmt::format("\\u{:04X}", byte);
        } else {
            quoted += character;
        }
    }
    return quoted + '"';
}

std::string toml_header(const TomlTable& table) {
    std::string header;
    for (const auto& name : table) {
        header += (header.empty() ? "[" : ".") + key_text(name);
    }
    return header + "]";
}

std::string with_entries(std::string_view text, const TomlTable& table,
                         std::span<const TomlEntry> entries) {
    std::string result(text);
    std::string added;
    const std::string line_feed(line_feed_of(text));
    for (const auto& entry : entries) {
        const auto lines = toml_lines(result);
        const auto line = find_entry(lines, table, entry.key);
        if (line == lines.end()) {
            added += entry_line(entry, line_feed);
        } else {
            result = with_value(result, *line, entry.value);
        }
    }
    if (added.empty() && !entries.empty()) {
        return result;
    }
    const auto lines = toml_lines(result);
    const auto place = place_for_keys(lines, table, result.size());
    if (!place) {
        return set_apart(result, toml_header(table) + line_feed + added, result.size(), true);
    }
    return added.empty() ? result : set_apart(result, added, *place, false);
}

std::string without_table(std::string_view text, const TomlTable& table) {
    const auto lines = toml_lines(text);
    return without_parts(text, TableLines(lines, table).find());
}

std::string without_entry(std::string_view text, const TomlTable& table, std::string_view key) {
    const auto lines = toml_lines(text);
    const auto line = find_entry(lines, table, key);
    return line == lines.end() ? std::string(text) : without_parts(text, {*line});
}

}  // namespace snapferry::setup
