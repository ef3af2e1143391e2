#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/tree/found.h"

namespace snapferry::sys {

/// A directory that a tree is copied into. Whatever lies in it, and whoever changes it meanwhile:
/// nothing outside of it is looked at or written, no symlink in it is followed and no mount in it
/// is crossed. Paths are those of the tree, from its top.
class Destination {
  public:
    enum class Use { look, write };

    /// To be written, it is made where only it itself is missing, and nobody else may write to it
    /// in this way meanwhile. To be looked at, it may be missing: then nothing is in it. Throws
    /// Failure: directory_missing, or busy.
    Destination(const std::filesystem::path& path, Use use);

    [[nodiscard]] bool is_new() const { return is_new_; }
    [[nodiscard]] bool is_there() const { return static_cast<bool>(top_); }
    [[nodiscard]] int descriptor() const { return top_.get(); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// What is at the path, its attributes included (but for the mark, see below); nothing where
    /// nothing is, or where the directory that it would lie in is none.
    [[nodiscard]] std::optional<Found> look_at(const std::string& path) const;

    /// True for a directory that bears the mark.
    [[nodiscard]] bool is_unfinished(const std::string& path) const;

    /// Gives the mark to the top.
    void mark() const;

    /// Opens what is at the path. Empty where that fails, and errno is set.
    [[nodiscard]] UniqueFd open(const std::string& path, int flags) const;

    /// The directory that the path lies in. Throws what failure_at() makes.
    [[nodiscard]] UniqueFd directory_of(const std::string& path) const;

    /// For messages: the whole path, escaped.
    [[nodiscard]] std::string shown(const std::string& path) const;

  private:
    std::filesystem::path path_;
    UniqueFd top_;
    bool is_new_ = false;
};

/// An attribute of directories that are made and not finished yet: what they are to be comes after
/// what they hold. Whoever goes on with a copy knows them by it. Only root sees and sets it.
inline constexpr auto unfinished_mark = "trusted.snapferry.unfinished";

/// "photos" of "photos/2021", and "2021"; both empty, or "." for the name, for the top.
std::string parent_of(const std::string& path);
std::string name_of(const std::string& path);

/// The failure of a system call on a destination, from errno. Its code tells how far it reaches:
/// `incomplete` for what is this entry's own trouble (the filesystem cannot hold such a thing, say)
/// and lets the others go on; no_space, directory_missing (it is read-only) and receiving end all.
Failure failure_at(std::string_view operation, const std::string& shown);

}  // namespace snapferry::sys
