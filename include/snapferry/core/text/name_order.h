#pragma once

#include <compare>
#include <string_view>

namespace snapferry {

/// The order in which a person looks for names of jobs and tags: by their bytes, but where both
/// have a number at the same place, by what it counts: tag_2 comes before tag_10. Only what is the
/// same, byte by byte, is equal.
std::strong_ordering order_of_names(std::string_view one, std::string_view other);

/// True where `one` is to be listed before `other`.
bool is_listed_before(std::string_view one, std::string_view other);

}  // namespace snapferry
