#pragma once

#include <cstdint>

namespace snapferry::stream {

/// An extent of a file as btrfs describes it (struct btrfs_file_extent_item). bytes.
struct FileExtent {
    std::uint64_t offset = 0;      ///< in the file
    std::uint64_t length = 0;      ///< in the file; of an inline one, as much as was written
    bool is_inline = false;        ///< its data is in the metadata
    std::uint8_t compression = 0;  ///< BTRFS_COMPRESS_*; 0: none
    std::uint64_t stored = 0;      ///< as it lies
    std::uint64_t unpacked = 0;    ///< of all that was packed together
    std::uint64_t skipped = 0;     ///< of that, before what is in the file

    friend bool operator==(const FileExtent&, const FileExtent&) = default;
};

}  // namespace snapferry::stream
