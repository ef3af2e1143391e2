#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/alert/trouble.h"

namespace snapferry::alert {

/// All that is remembered of what was told: by whom it was told of what ("mail job home-..."), and
/// the month of the last monthly word.
struct TroubleBook {
    std::map<std::string, TroubleMemory> troubles{};
    std::optional<std::int64_t> month{};

    friend bool operator==(const TroubleBook&, const TroubleBook&) = default;
};

/// What nobody has looked at for a quarter is left out: a job that is no more, say.
std::string text_of(const TroubleBook& book, WallTime now);

/// The other way. Whatever is broken is left out, so that it is told once more.
TroubleBook parse_trouble_book(std::string_view text);

}  // namespace snapferry::alert
