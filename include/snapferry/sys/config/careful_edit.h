#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace snapferry::sys {

/// One change of a file that the machine itself goes by: what is new is written beside the file,
/// with its owner and mode, and synced; then it can be checked, then it takes the file's place.
/// What was there comes back unless keep() is said. A kill leaves the old file or the new one,
/// whole, and perhaps a name beside it with a dot in it, which sudo passes over and the next edit
/// removes.
///
/// A symlink is refused: whoever made it has the file elsewhere, and should change it there. Every
/// failure is Failure (configuration), or no_space.
class CarefulEdit {
  public:
    /// Takes what is there; a missing file is made with this mode, as root's.
    CarefulEdit(std::filesystem::path file, mode_t mode_of_new);
    CarefulEdit(const CarefulEdit&) = delete;
    CarefulEdit& operator=(const CarefulEdit&) = delete;
    CarefulEdit(CarefulEdit&&) = delete;
    CarefulEdit& operator=(CarefulEdit&&) = delete;
    ~CarefulEdit();

    /// Empty where there is no file.
    [[nodiscard]] const std::string& content() const { return content_; }

    /// The new content, for a check; put_in_place() makes it the file.
    void write(std::string_view content);
    [[nodiscard]] const std::filesystem::path& candidate() const { return candidate_; }

    /// Throws Failure (busy) where somebody else has changed the file since it was read.
    void put_in_place();

    /// The file goes.
    void take_away();

    void keep();

  private:
    void require_unchanged() const;
    void save_the_old() const;
    void put_back() noexcept;

    std::filesystem::path file_;
    std::filesystem::path candidate_;
    std::filesystem::path before_;
    mode_t mode_;
    uid_t owner_ = 0;
    gid_t group_ = 0;
    bool existed_ = false;
    bool is_replaced_ = false;
    std::string content_;
};

/// Whether this is what an edit of the file that was killed has left beside it.
bool is_left_of_edit(const std::filesystem::path& path, const std::filesystem::path& file);

/// Removes what an edit of the file that was killed has left beside it.
void forget_unfinished_edit(const std::filesystem::path& file);

/// Changes the file to what `changed` makes of its content; nothing where that is the same. `check`
/// is called with the candidate before it takes the file's place, `check_all` after it has: what
/// they throw leaves the file as it was. An empty content makes the file go.
void edit_carefully(const std::filesystem::path& file, mode_t mode_of_new,
                    const std::function<std::string(const std::string& content)>& changed,
                    const std::function<void(const std::filesystem::path& candidate)>& check,
                    const std::function<void()>& check_all);

}  // namespace snapferry::sys
