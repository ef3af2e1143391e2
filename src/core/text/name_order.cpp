#include "snapferry/core/text/name_order.h"

#include <algorithm>

namespace snapferry {
namespace {

constexpr std::string_view digits = "0123456789";

/// The number that `rest` begins with, without the zeros before it. It is taken from `rest`.
std::string_view take_number(std::string_view& rest) {
    const auto length = std::min(rest.find_first_not_of(digits), rest.size());
    auto number = rest.substr(0, length);
    rest.remove_prefix(length);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

bool begins_with_digit(std::string_view text) {
    return !text.empty() && digits.find(text.front()) != std::string_view::npos;
}

/// Of any length: the one with more digits is greater.
std::strong_ordering order_of_numbers(std::string_view one, std::string_view other) {
    const auto by_length = one.size() <=> other.size();
    return by_length != 0 ? by_length : one <=> other;
}

}  // namespace

std::strong_ordering order_of_names(std::string_view one, std::string_view other) {
    auto left = one;
    auto right = other;
    while (!left.empty() && !right.empty()) {
        auto order = std::strong_ordering::equal;
        if (begins_with_digit(left) && begins_with_digit(right)) {
            order = order_of_numbers(take_number(left), take_number(right));
        } else {
            order = left.substr(0, 1) <=> right.substr(0, 1);
            left.remove_prefix(1);
            right.remove_prefix(1);
        }
        if (order != 0) {
            return order;
        }
    }
    const auto by_rest = left.size() <=> right.size();
    return by_rest != 0 ? by_rest : one <=> other;
}

bool is_listed_before(std::string_view one, std::string_view other) {
    return order_of_names(one, other) < 0;
}

}  // namespace snapferry
