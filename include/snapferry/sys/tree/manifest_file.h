#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/manifest/entry.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// The entries of a manifest in a file, one after the other. Throws manifest::Malformed where it is
/// none; that it is cut shows only at its end. Failure (`code`) where it cannot be read.
class ManifestFile {
  public:
    ManifestFile(const std::filesystem::path& path, ExitCode code);
    ManifestFile(const ManifestFile&) = delete;
    ManifestFile& operator=(const ManifestFile&) = delete;
    ManifestFile(ManifestFile&&) = delete;
    ManifestFile& operator=(ManifestFile&&) = delete;
    ~ManifestFile() = default;

    std::optional<manifest::Entry> next();

  private:
    bool read_more();

    std::string shown_;
    ExitCode code_;
    UniqueFd file_;
    std::vector<std::byte> buffer_;
    std::deque<manifest::Entry> read_;
    manifest::Reader reader_;
    bool ended_ = false;
};

}  // namespace snapferry::sys
