#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "memory_text.h"

namespace snapferry::send {

inline constexpr std::size_t max_memory_file =
    std::size_t{16} * 1024 * 1024;  // bytes; a snapshot takes about 200

/// A job of a home, as its memory's file is called, and what it remembers, whatever version has
/// written it; of several receivers, each.
struct Neighbour {
    std::string name;
    std::vector<Remembered> memories;
};

/// All that have a memory there. One that cannot be read tells nothing.
std::vector<Neighbour> neighbours_in(const std::filesystem::path& home);

}  // namespace snapferry::send
