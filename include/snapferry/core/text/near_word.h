#pragma once

#include <span>
#include <string>
#include <string_view>

namespace snapferry {

/// Of the known words the one that `word` may be a slip of the pen for; empty where none is near.
std::string near_word(std::string_view word, std::span<const std::string> known);

/// For the end of a complaint: "did you mean \"home\"?", else "there are: home, photos", else "".
/// Escaped, and no longer than a person reads.
std::string hint_of_words(std::string_view word, std::span<const std::string> known);

}  // namespace snapferry
