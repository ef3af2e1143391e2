#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/core/access/directory_rights.h"
#include "snapferry/core/exit_code.h"
#include "snapferry/sys/files/unique_fd.h"

namespace snapferry::sys {

/// An open directory, and the way down from it: a step at a time, by descriptor, so that nobody can
/// put a symlink or another directory in between. Every failure is Failure with the code given at
/// open().
class Directory {
  public:
    /// The last component must be a directory itself, and no symlink to one.
    static Directory open(const std::filesystem::path& path, ExitCode code);

    /// Nothing where nothing has this name. Throws Failure where that is no directory.
    [[nodiscard]] std::optional<Directory> find(const std::string& name) const;

    /// Makes it, for its owner alone, where nothing has the name.
    [[nodiscard]] Directory make(const std::string& name) const;

    [[nodiscard]] DirectoryRights rights() const;
    void set_mode(unsigned mode) const;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] int descriptor() const { return fd_.get(); }

  private:
    Directory(UniqueFd fd, std::filesystem::path path, ExitCode code)
        : fd_(std::move(fd)), path_(std::move(path)), code_(code) {}

    UniqueFd fd_;
    std::filesystem::path path_;
    ExitCode code_;
};

}  // namespace snapferry::sys
