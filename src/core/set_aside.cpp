#include "snapferry/core/set_aside.h"

#include <fmt/format.h>

#include <algorithm>

namespace snapferry {
namespace {

constexpr std::string_view replaced_infix = ".replaced-";
constexpr std::string_view incomplete_infix = ".incomplete-";

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

}  // namespace

std::string replaced_name(const SnapshotName& name, unsigned number) {
    return fmt::format("{}{}{}", name.text(), replaced_infix, number);
}

std::string incomplete_name(const SnapshotName& name, unsigned number) {
    return fmt::format("{}{}{}", name.text(), incomplete_infix, number);
}

std::optional<SnapshotName> name_before_replacement(std::string_view text) {
    const auto infix = text.rfind(replaced_infix);
    if (infix == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = text.substr(infix + replaced_infix.size());
    if (number.empty() || !std::all_of(number.begin(), number.end(), is_digit)) {
        return std::nullopt;
    }
    return SnapshotName::parse(text.substr(0, infix));
}

}  // namespace snapferry
