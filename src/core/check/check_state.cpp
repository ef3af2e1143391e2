#include "snapferry/core/check/check_state.h"

#include <array>
#include <cstddef>

namespace snapferry {
namespace {

int badness(CheckState state) {
    constexpr std::array order{0, 1, 3, 2};
    return order.at(static_cast<std::size_t>(state));
}

}  // namespace

bool is_worse(CheckState one, CheckState other) {
    return badness(one) > badness(other);
}

std::string_view name_of(CheckState state) {
    constexpr std::array<std::string_view, 4> names{"ok", "warning", "critical", "unknown"};
    return names.at(static_cast<std::size_t>(state));
}

}  // namespace snapferry
