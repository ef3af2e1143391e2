#include "snapferry/core/escape.h"

#include <fmt/format.h>

#include "snapferry/core/utf8.h"

namespace snapferry {
namespace {

void append_hex(std::string& out, std::string_view bytes) {
    for (const char byte : bytes)
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

/// Bytes of the text that are escaped or kept as one: a character, or a byte that starts none.
std::size_t unit_size(const std::optional<Utf8Character>& character) {
    return character ? character->size : 1;
}

void append_unit(std::string& out, std::string_view unit,
                 const std::optional<Utf8Character>& character) {
    if (!character || is_control(character->code_point))
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

}  // namespace snapferry
