#pragma once

#include <string>

#include "catch.h"

namespace snapferry {

/// What Catch2 2.13 calls Contains is called ContainsSubstring in 3, where Contains is of ranges.
inline auto contains_text(const std::string& text) {
#if __has_include(<catch2/catch_all.hpp>)
    return Catch::Matchers::ContainsSubstring(text);
#else
    return Catch::Matchers::Contains(text);
#endif
}

}  // namespace snapferry
