#include "snapferry/core/names/tag.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::size_t max_tag_size = 64;        // bytes
constexpr std::size_t shown_of_a_bad_tag = 80;  // bytes

// Not std::isalnum: what it accepts depends on the locale.
bool is_tag_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

}  // namespace

bool Tag::is_tag(std::string_view text) {
    return !text.empty() && text.size() <= max_tag_size &&
           std::all_of(text.begin(), text.end(), is_tag_character);
}

Tag Tag::parse(std::string_view text) {
    if (text.empty())
        throw Failure(ExitCode::bad_tag, "the tag is empty");
    if (!is_tag(text))
        throw Failure(
            ExitCode::bad_tag,
            fmt::format("the tag '{}' is not allowed", escape_text(text, shown_of_a_bad_tag)),
            "a tag has 1 to 64 of the characters A-Z a-z 0-9 _ -");
    return Tag{text};
}

}  // namespace snapferry
