#include "snapferry/core/text/near_word.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

/// Letters to change, add, leave out or exchange with their neighbour (Damerau, Levenshtein).
std::size_t distance(std::string_view one, std::string_view other) {
    std::vector<std::vector<std::size_t>> least(one.size() + 1,
                                                std::vector<std::size_t>(other.size() + 1));
    for (std::size_t row = 0; row <= one.size(); ++row) {
        for (std::size_t column = 0; column <= other.size(); ++column) {
            auto& here = least[row][column];
            if (row == 0 || column == 0) {
                here = row + column;
                continue;
            }
            const std::size_t differs = one[row - 1] == other[column - 1] ? 0 : 1;
            here = std::min({least[row - 1][column] + 1, least[row][column - 1] + 1,
                             least[row - 1][column - 1] + differs});
            if (row > 1 && column > 1 && one[row - 1] == other[column - 2] &&
                one[row - 2] == other[column - 1]) {
                here = std::min(here, least[row - 2][column - 2] + 1);
            }
        }
    }
    return least[one.size()][other.size()];
}

}  // namespace

std::string near_word(std::string_view word, std::span<const std::string> known) {
    constexpr std::size_t longest = 64;  // bytes; the work grows with the square
    std::string nearest;
    auto least = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const auto& one : known) {
        if (word.size() <= longest && one.size() <= longest) {
            const auto steps = distance(word, one);
            if (steps < least && steps < one.size()) {
                least = steps;
                nearest = one;
            }
        }
    }
    return nearest;
}

std::string hint_of_words(std::string_view word, std::span<const std::string> known) {
    constexpr std::size_t most_named = 20;
    if (const auto near = near_word(word, known); !near.empty()) {
        return fmt::format("did you mean \"{}\"?", escape_text(near));
    }
    std::string names;
    for (std::size_t index = 0; index < known.size() && index < most_named; ++index) {
        names += (index == 0 ? "there are: " : ", ") + escape_text(known[index]);
    }
    return known.size() > most_named ? names + ", ..." : names;
}

}  // namespace snapferry
