#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "snapferry/core/manifest/difference.h"
#include "snapferry/core/proof/part.h"

/// What came of comparing a backup with its manifest.
namespace snapferry::proof {

/// That nothing can be said is neither well nor a difference.
enum class Outcome { well, differs, cannot_say };

std::string_view name_of(Outcome outcome);  ///< "well", "differs", "cannot say"

/// An entry that is not as the manifest has it.
struct Differing {
    manifest::Difference difference;
    std::string why{};  ///< of a file that cannot be read, escaped
};

/// "a b: contents, mode", escaped.
std::string text_of(const Differing& differing);

/// The most that are remembered and shown; it is as much as a person looks at.
inline constexpr std::size_t most_shown = 20;

struct Result {
    std::string tag;
    std::string name;  ///< of the backup, as it is
    std::string copy;  ///< its uuid
    Outcome outcome = Outcome::cannot_say;
    std::string why{};  ///< nothing can be said, with what to do; escaped
    Part part{};
    std::uint64_t entries = 0;  ///< that were compared
    std::uint64_t bytes = 0;    ///< that were read
    std::uint64_t differences = 0;
    std::vector<Differing> first{};  ///< of them, at most most_shown
    std::chrono::seconds took{0};
};

/// One line that says it all: "home 2021-...: well: 12 entries, 3.0 MiB read in 2 s".
std::string text_of(const Result& result);

}  // namespace snapferry::proof
