#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace snapferry::sys {

/// A mount namespace in which one directory of a filesystem is all that can be named of it: a
/// program that runs inside can neither read nor clone nor change anything else on that disk, by
/// any path, symlink or `..`. Device nodes, setuid bits and programs have no effect inside, and no
/// symlink is followed.
///
/// Prepared in the parent (which may have threads), entered in the child before its program, with
/// nothing but system calls.
class SealedRoom {
  public:
    /// `directory` is the room's content. Makes /run/snapferry/room, over which it is mounted
    /// inside. Throws Failure (configuration) where the directory's filesystem is also that of / or
    /// /run: such a room could not be sealed.
    explicit SealedRoom(const std::filesystem::path& directory);

    /// Moves the calling process in. Returns 0 or an errno value.
    [[nodiscard]] int enter() const;

    /// Where the content is seen inside.
    [[nodiscard]] const std::filesystem::path& inside() const { return inside_; }

  private:
    std::filesystem::path directory_;
    std::filesystem::path inside_;
    [[nodiscard]] bool make_mounts_private() const;

    std::vector<std::string> all_mounts_;
    std::vector<std::string> other_mounts_;  // of the same filesystem, newest first
};

/// Drops what `btrfs receive` does not need: every capability but those named in the source, and
/// the way to new privileges. Returns 0 or an errno value. For the child, after enter().
int drop_needless_privileges();

/// The scheduling of a program that is to stay out of the way.
enum class IoClass { best_effort, idle };

/// Sets nice and the I/O class of the calling process. Returns 0 or an errno value.
int stay_out_of_the_way(int nice, IoClass io_class);

}  // namespace snapferry::sys
