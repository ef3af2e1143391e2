#include "snapferry/core/text/escape.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "snapferry/core/unicode/utf8.h"

namespace snapferry {
namespace {

void append_hex(std::string& out, std::string_view bytes) {
    for (const char byte : bytes)
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

/// On a screen, or in a line of a log.
bool misleads(char32_t code_point) {
    return is_control(code_point) || is_unseen(code_point);
}

/// As JSON has it: in UTF-16.
void append_utf16(std::string& out, char32_t code_point) {
    constexpr char32_t first_supplementary = 0x10000;
    const auto append = [&](char32_t unit) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(unit));
    };
    if (code_point < first_supplementary) {
        append(code_point);
    } else {
        const auto rest = code_point - first_supplementary;
        append(0xd800 + (rest >> 10));
        append(0xdc00 + (rest & 0x3ff));
    }
}

/// Bytes of the text that are escaped or kept as one: a character, or a byte that starts none.
std::size_t unit_size(const std::optional<Utf8Character>& character) {
    return character ? character->size : 1;
}

void append_unit(std::string& out, std::string_view unit,
                 const std::optional<Utf8Character>& character) {
    if (!character || misleads(character->code_point))
        append_hex(out, unit);
    else if (unit == "\\")
        out += "\\\\";
    else
        out += unit;
}

}  // namespace

std::string escape_text(std::string_view text, std::size_t limit) {
    std::string out;
    std::size_t shown = 0;
    while (shown < text.size()) {
        const auto character = first_utf8_character(text.substr(shown));
        const auto size = unit_size(character);
        if (shown + size > limit)
            return out + "...";
        append_unit(out, text.substr(shown, size), character);
        shown += size;
    }
    return out;
}

std::string safe_line(std::string_view line) {
    std::string out;
    while (!line.empty()) {
        const auto character = first_utf8_character(line);
        const auto unit = line.substr(0, unit_size(character));
        if (!character || misleads(character->code_point)) {
            append_hex(out, unit);
        } else {
            out += unit;
        }
        line.remove_prefix(unit.size());
    }
    return out;
}

std::string safe_json(std::string_view document) {
    constexpr char32_t first_printable = 0x20;  // below it: the library's own line ends
    std::string out;
    while (!document.empty()) {
        const auto character = first_utf8_character(document);
        const auto unit = document.substr(0, unit_size(character));
        if (character && character->code_point >= first_printable &&
            misleads(character->code_point)) {
            append_utf16(out, character->code_point);
        } else {
            out += unit;
        }
        document.remove_prefix(unit.size());
    }
    return out;
}

}  // namespace snapferry
