#pragma once

#include <filesystem>
#include <optional>

#include "snapferry/core/status/under_way.h"

namespace snapferry::sys {

/// Where a run that holds a lock tells how far it is, for anybody who looks. Removed with this. One
/// that a killed run has left is never believed: see progress_in().
class ProgressFile {
  public:
    explicit ProgressFile(std::filesystem::path file);
    ~ProgressFile();
    ProgressFile(const ProgressFile&) = delete;
    ProgressFile& operator=(const ProgressFile&) = delete;

    /// As a whole. Throws Failure (configuration).
    void write(const UnderWay& at) const;

  private:
    std::filesystem::path file_;
    ProcessMark by_;
};

/// What the run that holds `lock` has told. Nothing where nobody holds it; where what is written is
/// another's, or none, that a run is under way is all that is known. Throws nothing.
std::optional<UnderWay> progress_in(const std::filesystem::path& file,
                                    const std::filesystem::path& lock);

}  // namespace snapferry::sys
