#pragma once

#include <filesystem>
#include <vector>

namespace snapferry::sys {

/// A mount namespace in which one directory of a filesystem is all that can be named of it: a
/// program that runs inside can neither read nor clone nor change anything else on that disk, by
/// any path, symlink or `..`. Device nodes, setuid bits and programs have no effect inside, and no
/// symlink is followed.
///
/// Inside there is a root of its own: the root filesystem, read-only and without what is mounted on
/// it; what is mounted where programs lie; /proc; and the room. The old root is detached with every
/// mount that it held, so that none is left hidden under another.
///
/// Prepared in the parent (which may have threads), entered in the child before its program, with
/// nothing but system calls.
class SealedRoom {
  public:
    /// `directory` is the room's content. Makes /run/snapferry/room, where the new root is put
    /// together. Throws Failure (configuration) where the directory's filesystem is also that of /
    /// or /run: such a room could not be sealed.
    explicit SealedRoom(const std::filesystem::path& directory);

    /// Moves the calling process in. Returns 0 or an errno value.
    [[nodiscard]] int enter() const;

    /// Where the content is seen inside.
    [[nodiscard]] const std::filesystem::path& inside() const { return inside_; }

  private:
    /// What is mounted inside besides the root and the content.
    struct Furnishing {
        std::filesystem::path source;
        std::filesystem::path target;  ///< below the new root
    };

    [[nodiscard]] bool make_mounts_private() const;
    [[nodiscard]] bool furnish() const;
    [[nodiscard]] bool move_in() const;

    std::filesystem::path directory_;
    std::filesystem::path inside_;
    std::filesystem::path root_;     ///< where the new root is put together
    std::filesystem::path content_;  ///< inside_, seen from the old root
    std::vector<Furnishing> furnishings_;
};

/// Drops what `btrfs receive` does not need: every capability but those named in the source, and
/// the way to new privileges. Returns 0 or an errno value. For the child, after enter().
int drop_needless_privileges();

/// The scheduling of a program that is to stay out of the way.
enum class IoClass { best_effort, idle };

/// Sets nice and the I/O class of the calling process. Returns 0 or an errno value.
int stay_out_of_the_way(int nice, IoClass io_class);

}  // namespace snapferry::sys
