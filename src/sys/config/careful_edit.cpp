#include "snapferry/sys/config/careful_edit.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/unique_fd.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {
namespace {

constexpr auto code = ExitCode::configuration;
constexpr std::size_t largest = std::size_t{1024} * 1024;  // bytes; people write these files
constexpr mode_t permissions = 07777;

std::string shown(const std::filesystem::path& file) {
    return escape_text(file.native());
}

// Names that nobody gives to what is theirs: whatever has one is deleted. sudo reads none with a
// dot.
constexpr auto new_end = ".snapferry-new";
constexpr auto before_end = ".snapferry-before";

std::filesystem::path beside(const std::filesystem::path& file, const char* end) {
    auto path = file;
    path += end;
    return path;
}

/// Nothing where nothing has the name.
std::optional<struct stat> look_at(const std::filesystem::path& file) {
    struct stat data {};
    if (::lstat(file.c_str(), &data) == 0) {
        return data;
    }
    if (errno != ENOENT && errno != ENOTDIR) {
        throw system_failure(code, "look at " + shown(file));
    }
    return std::nullopt;
}

void unlink_if_there(const std::filesystem::path& file) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) {
        throw system_failure(code, "delete " + shown(file));
    }
}

void require_regular(const struct stat& data, const std::filesystem::path& file) {
    if (!S_ISREG(data.st_mode)) {
        throw Failure(code,
                      fmt::format("{} is {}, and is left as it is", shown(file),
                                  S_ISLNK(data.st_mode) ? "a symlink" : "no regular file"),
                      "make it a regular file, or set this up by hand");
    }
}

}  // namespace

CarefulEdit::CarefulEdit(std::filesystem::path file, mode_t mode_of_new)
    : file_(std::move(file)),
      candidate_(beside(file_, new_end)),
      before_(beside(file_, before_end)),
      mode_(mode_of_new) {
    if (const auto data = look_at(file_)) {
        require_regular(*data, file_);
        existed_ = true;
        mode_ = data->st_mode & permissions;
        owner_ = data->st_uid;
        group_ = data->st_gid;
        content_ = read_small_file(file_, largest).value_or("");
    }
}

CarefulEdit::~CarefulEdit() {
    if (is_replaced_) {
        put_back();
    }
    ::unlink(candidate_.c_str());
}

void CarefulEdit::write(std::string_view content) {
    unlink_if_there(candidate_);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const UniqueFd fd(::open(candidate_.c_str(), flags, 0600));
    if (!fd) {
        throw system_failure(code, "make " + shown(candidate_));
    }
    write_all(fd.get(), std::as_bytes(std::span(content)), code, shown(candidate_));
    if (::fchown(fd.get(), owner_, group_) != 0 || ::fchmod(fd.get(), mode_) != 0) {
        throw system_failure(code, "set owner and mode of " + shown(candidate_));
    }
    if (::fsync(fd.get()) != 0) {
        throw system_failure(code, "sync " + shown(candidate_));
    }
}

/// An editor writes a new file, or changes this one.
void CarefulEdit::require_unchanged() const {
    const auto data = look_at(file_);
    const bool is_same =
        data ? existed_ && S_ISREG(data->st_mode) && read_small_file(file_, largest) == content_
             : !existed_;
    if (!is_same) {
        throw Failure(ExitCode::busy, fmt::format("somebody else is changing {}", shown(file_)),
                      "wait until they are done, and try again");
    }
}

/// As another name of the same file: that needs no room, and keeps all that belongs to it.
void CarefulEdit::save_the_old() const {
    unlink_if_there(before_);
    if (existed_ && ::link(file_.c_str(), before_.c_str()) != 0) {
        throw system_failure(code, "keep what was in " + shown(file_));
    }
}

void CarefulEdit::put_in_place() {
    require_unchanged();
    save_the_old();
    is_replaced_ = true;
    if (::rename(candidate_.c_str(), file_.c_str()) != 0) {
        throw system_failure(code, "replace " + shown(file_));
    }
    sync_directory_of(file_, code);
}

void CarefulEdit::take_away() {
    require_unchanged();
    save_the_old();
    is_replaced_ = true;
    unlink_if_there(file_);
    sync_directory_of(file_, code);
}

void CarefulEdit::keep() {
    is_replaced_ = false;
    unlink_if_there(before_);
    sync_directory_of(file_, code);
}

/// What cannot be put back is told by the next look: nothing better can be done here.
void CarefulEdit::put_back() noexcept {
    if (existed_) {
        if (::rename(before_.c_str(), file_.c_str()) == 0) {
            (void)::unlink(before_.c_str());  // where both were one file, both names are left
        }
    } else {
        (void)::unlink(file_.c_str());
    }
    try {
        sync_directory_of(file_, code);
    } catch (const Failure&) {
        return;
    }
}

bool is_left_of_edit(const std::filesystem::path& path, const std::filesystem::path& file) {
    return path == beside(file, new_end) || path == beside(file, before_end);
}

void forget_unfinished_edit(const std::filesystem::path& file) {
    for (const auto* const end : {new_end, before_end}) {
        const auto left = beside(file, end);
        if (look_at(left)) {
            unlink_if_there(left);
            sync_directory_of(left, code);
        }
    }
}

void edit_carefully(const std::filesystem::path& file, mode_t mode_of_new,
                    const std::function<std::string(const std::string& content)>& changed,
                    const std::function<void(const std::filesystem::path& candidate)>& check,
                    const std::function<void()>& check_all) {
    CarefulEdit edit(file, mode_of_new);
    const auto content = changed(edit.content());
    if (content == edit.content()) {
        return;
    }
    if (content.empty()) {
        edit.take_away();
    } else {
        edit.write(content);
        check(edit.candidate());
        edit.put_in_place();
    }
    check_all();
    edit.keep();
}

}  // namespace snapferry::sys
