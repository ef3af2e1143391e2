#include "snapferry/core/retention/set_aside.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/unicode/utf8.h"

namespace snapferry {
namespace {

constexpr std::string_view replaced_infix = ".replaced-";
constexpr std::string_view incomplete_infix = ".incomplete-";
constexpr std::string_view arriving_prefix = ".arriving.";

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/// As many whole characters from the begin as fit `size` bytes. `text` is UTF-8.
std::string_view cut_to(std::string_view text, std::size_t size) {
    std::size_t end = 0;
    while (end < text.size()) {
        const auto character = first_utf8_character(text.substr(end));
        if (!character || end + character->size > size) {
            break;
        }
        end += character->size;
    }
    return text.substr(0, end);
}

SnapshotName numbered(const SnapshotName& name, std::string_view infix, unsigned number) {
    const auto ending = fmt::format("{}{}", infix, number);
    const auto stem = cut_to(name.text(), SnapshotName::max_size - ending.size());
    return SnapshotName::parse(fmt::format("{}{}", stem, ending)).value();
}

}  // namespace

SnapshotName replaced_name(const SnapshotName& name, unsigned number) {
    return numbered(name, replaced_infix, number);
}

SnapshotName incomplete_name(const SnapshotName& name, unsigned number) {
    return numbered(name, incomplete_infix, number);
}

std::optional<SnapshotName> name_before_overlong_replacement(std::string_view text) {
    const auto infix = text.rfind(replaced_infix);
    if (text.size() <= SnapshotName::max_size || infix == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = text.substr(infix + replaced_infix.size());
    if (number.empty() || !std::all_of(number.begin(), number.end(), is_digit)) {
        return std::nullopt;
    }
    return SnapshotName::parse(text.substr(0, infix));
}

std::string arriving_name(const SnapshotName& name) {
    return fmt::format("{}{}", arriving_prefix, name.text());
}

std::optional<SnapshotName> name_of_arriving(std::string_view text) {
    if (!text.starts_with(arriving_prefix)) {
        return std::nullopt;
    }
    return SnapshotName::parse(text.substr(arriving_prefix.size()));
}

}  // namespace snapferry
