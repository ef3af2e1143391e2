#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/age/counted_time.h"

namespace snapferry::proof {

/// A share of a tree's files, by a hash of their paths: with all of its parts each file was read
/// once, which a random sample never promises.
struct Part {
    unsigned number = 1;  ///< 1 to `of`
    unsigned of = 1;

    [[nodiscard]] bool is_whole() const { return of == 1; }
    friend bool operator==(const Part&, const Part&) = default;
};

inline constexpr unsigned most_parts = 1000;

/// "3/12"; nothing where it is anything else.
std::optional<Part> parse_part(std::string_view text);

/// "part 3 of 12"; "" of the whole.
std::string part_text(const Part& part);

/// Whether the file belongs to it. The path is in the bytes of the disk. The same in all versions.
bool holds(const Part& part, std::string_view path);

/// When each part of so many was last gone through, of whichever backup.
struct PartsDone {
    unsigned of = 0;
    std::map<unsigned, CountedTime> when{};

    friend bool operator==(const PartsDone&, const PartsDone&) = default;
};

/// The part whose turn it is: one that was never gone through, or else that which was longest ago.
/// A run that fell out so loses its turn and no part is left out.
Part next_part(unsigned of, const PartsDone& done);

}  // namespace snapferry::proof
