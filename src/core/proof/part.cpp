#include "snapferry/core/proof/part.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

namespace snapferry::proof {
namespace {

std::optional<unsigned> number_in(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number > 0 &&
                   number <= most_parts
               ? std::optional(number)
               : std::nullopt;
}

}  // namespace

std::optional<Part> parse_part(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = number_in(text.substr(0, slash));
    const auto of = number_in(text.substr(slash + 1));
    return number && of && *number <= *of ? std::optional(Part{*number, *of}) : std::nullopt;
}

std::string part_text(const Part& part) {
    return part.is_whole() ? "" : fmt::format("part {} of {}", part.number, part.of);
}

bool holds(const Part& part, std::string_view path) {
    return part.is_whole() ||
           XXH3_64bits(path.data(), path.size()) % part.of == std::uint64_t{part.number} - 1;
}

Part next_part(unsigned of, const PartsDone& done) {
    Part next{1, of};
    std::optional<CountedTime> longest_ago;
    for (unsigned number = 1; number <= of; ++number) {
        const auto found = done.when.find(number);
        if (done.of != of || found == done.when.end()) {
            return {number, of};
        }
        if (!longest_ago || found->second < *longest_ago) {
            longest_ago = found->second;
            next.number = number;
        }
    }
    return next;
}

}  // namespace snapferry::proof
