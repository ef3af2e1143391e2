#pragma once

#include <cstdint>

namespace snapferry::stream {

/// What a stream does to files. Directories count only where they are renamed.
struct ChangeCount {
    std::uint64_t made = 0;
    std::uint64_t deleted = 0;
    std::uint64_t renamed = 0;
    std::uint64_t rewritten = 0;  ///< that were there before
    std::int64_t names = 0;       ///< how many more names of files there are after it

    friend bool operator==(const ChangeCount&, const ChangeCount&) = default;
};

}  // namespace snapferry::stream
