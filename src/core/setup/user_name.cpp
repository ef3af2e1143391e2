#include "snapferry/core/setup/user_name.h"

#include <algorithm>

namespace snapferry::setup {

bool is_user_name(std::string_view text) {
    constexpr std::size_t longest = 32;  // characters; useradd(8)
    const auto is_first = [](char character) {
        return (character >= 'a' && character <= 'z') || character == '_';
    };
    const auto is_further = [&](char character) {
        return is_first(character) || (character >= '0' && character <= '9') || character == '-';
    };
    return !text.empty() && text.size() <= longest && is_first(text.front()) &&
           std::ranges::all_of(text, is_further);
}

}  // namespace snapferry::setup
