#pragma once

#include <cstddef>
#include <optional>

namespace snapferry::sys {

/// What a program's output is shown on.
struct Screen {
    std::optional<std::size_t> width{};  ///< columns of a terminal; nothing where it is none
    bool has_colours = false;            ///< a terminal, and NO_COLOR is not set
};

/// The screen behind a descriptor.
Screen look_at_screen(int descriptor);

}  // namespace snapferry::sys
