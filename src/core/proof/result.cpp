#include "snapferry/core/proof/result.h"

#include <fmt/format.h>

#include <array>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::proof {

std::string_view name_of(Outcome outcome) {
    constexpr std::array<std::string_view, 3> names{"well", "differs", "cannot say"};
    return names.at(static_cast<std::size_t>(outcome));
}

std::string text_of(const Differing& differing) {
    const auto& path = differing.difference.path;
    return fmt::format("{}: {}{}", path.empty() ? "." : escape_text(path),
                       manifest::text_of(differing.difference.aspects),
                       differing.why.empty() ? "" : fmt::format(" ({})", differing.why));
}

std::string text_of(const Result& result) {
    auto backup = fmt::format("{} {}", result.tag, escape_text(result.name));
    const auto part = result.part.is_whole() ? "" : part_text(result.part) + ", ";
    switch (result.outcome) {
        case Outcome::well:
            return fmt::format("{}: well: {}{} entries, {} read in {}", backup, part,
                               result.entries, byte_text(result.bytes), duration_text(result.took));
        case Outcome::differs:
            return fmt::format("{}: DIFFERS: {}{} not as {} sent", backup, part,
                               result.differences == 1
                                   ? "1 entry is"
                                   : fmt::format("{} entries are", result.differences),
                               result.differences == 1 ? "it was" : "they were");
        case Outcome::cannot_say:
            return fmt::format("{}: cannot say: {}", backup, result.why);
    }
    return backup;
}

}  // namespace snapferry::proof
