#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// The entries of a manifest in a file, packed or not, one after the other. Throws
/// manifest::Malformed where it is none; that it is cut shows only at its end. Failure (`code`)
/// where it cannot be read.
class ManifestFile {
  public:
    ManifestFile(const std::filesystem::path& path, ExitCode code);
    ManifestFile(const ManifestFile&) = delete;
    ManifestFile& operator=(const ManifestFile&) = delete;
    ManifestFile(ManifestFile&&) = delete;
    ManifestFile& operator=(ManifestFile&&) = delete;
    ~ManifestFile() = default;

    std::optional<manifest::Entry> next();

    /// Once there is no next one: what it says of itself.
    [[nodiscard]] const manifest::Summary& summary() const { return summary_.value(); }

  private:
    bool read_more();
    void take(std::span<const std::byte> bytes);

    std::string shown_;
    ExitCode code_;
    UniqueFd file_;
    std::vector<std::byte> buffer_;
    std::deque<manifest::Entry> read_;
    manifest::Reader reader_;
    bool begun_ = false;
    std::unique_ptr<manifest::Unpacker> unpacker_;  ///< of one that is packed
    std::optional<manifest::Summary> summary_;
};

}  // namespace snapferry::sys
