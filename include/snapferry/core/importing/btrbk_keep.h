#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/retention/keep_words.h"

namespace snapferry::importing {

/// Words of snapferry for those of btrbk, and what they do not say.
struct KeptWords {
    std::string keep;       ///< for `keep`: "7d 8w"
    std::string min_age{};  ///< for `min_age`, where that can be said: "2d"
    std::vector<std::string> notes{};
};

/// `preserve`: "14d 8w *m", "no" or empty; `least` (..._preserve_min): "all", "latest", "no", "2d"
/// or empty, which is "all". `has_min_age`: a receiver keeps by age as well; where it does not, the
/// first snapshot of each hour stands for all of a time.
KeptWords kept_words(std::string_view preserve, std::string_view least, bool has_min_age);

}  // namespace snapferry::importing
