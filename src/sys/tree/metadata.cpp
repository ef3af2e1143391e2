#include "snapferry/sys/tree/metadata.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/writing/destination.h"

namespace snapferry::sys {
namespace {

/// The system gives it to every file where it is in use, and nobody can take it away.
constexpr std::string_view of_the_system = "security.selinux";

/// Works by way of /proc, which takes descriptors of whatever is open and of symlinks themselves.
class Dressing {
  public:
    Dressing(int file, const std::string& shown)
        : file_(file), path_(fmt::format("/proc/self/fd/{}", file)), shown_(shown) {}

    void give_owner(const manifest::Entry& entry) {
        is_the_owners_ = ::fchownat(file_, "", entry.uid, entry.gid, AT_EMPTY_PATH) == 0;
        require(is_the_owners_, "give away");
    }

    void give_attributes(const Attributes& wanted) {
        const auto there = read_attributes(file_, ExitCode::incomplete, shown_);
        for (const auto& [name, _] : there) {
            if (!wanted.contains(name) && name != of_the_system && name != unfinished_mark) {
                require(::removexattr(path_.c_str(), name.c_str()) == 0,
                        "take the attribute " + escape_text(name) + " from");
            }
        }
        for (const auto& [name, value] : wanted) {
            const auto found = there.find(name);
            if (name != unfinished_mark && (found == there.end() || found->second != value)) {
                set_attribute(name, value);
            }
        }
    }

    /// Who runs a setuid program becomes its owner: that must be none but the one it was made for.
    void give_mode(const manifest::Entry& entry) {
        constexpr mode_t as_another = S_ISUID | S_ISGID;
        const mode_t mode = is_the_owners_ ? entry.mode : entry.mode & ~as_another;
        if (entry.kind != manifest::Kind::symlink) {
            require(::chmod(path_.c_str(), mode) == 0, "set the mode of");
        }
    }

    void give_time(const manifest::Entry& entry) {
        std::array<std::timespec, 2> times{};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = entry.modified.seconds;
        times[1].tv_nsec = entry.modified.nanoseconds;
        require(::utimensat(AT_FDCWD, path_.c_str(), times.data(), 0) == 0, "set the time of");
    }

    void take_mark() {
        if (::removexattr(path_.c_str(), unfinished_mark) != 0 && errno != ENODATA) {
            require(errno == EOPNOTSUPP || errno == EPERM, "take the mark from");
        }
    }

    std::vector<std::string> take_missing() { return std::move(missing_); }

  private:
    void set_attribute(const std::string& name, const std::string& value) {
        const bool set =
            ::setxattr(path_.c_str(), name.c_str(), value.data(), value.size(), 0) == 0;
        const auto operation = "set the attribute " + escape_text(name) + " of";
        if (!set && errno == ENOSPC) {  // ext4 says so of one that is too large for it
            errno = EOPNOTSUPP;
        }
        require(set, operation);
    }

    void require(bool done, const std::string& operation) {
        if (done) {
            return;
        }
        const auto failure = failure_at(operation, shown_);
        if (failure.code() != ExitCode::incomplete) {
            throw Failure(failure);
        }
        missing_.emplace_back(failure.what());
    }

    int file_;
    std::string path_;
    const std::string& shown_;
    bool is_the_owners_ = false;
    std::vector<std::string> missing_;
};

}  // namespace

/// A change of owner takes setuid bits and capabilities; a mode changes an ACL's mask; all of them
/// may be of another time.
std::vector<std::string> dress(int file, const manifest::Entry& entry, const Attributes& attributes,
                               const std::string& shown) {
    Dressing dressing(file, shown);
    dressing.give_owner(entry);
    dressing.give_attributes(attributes);
    dressing.give_mode(entry);
    dressing.give_time(entry);
    if (entry.kind == manifest::Kind::directory) {
        dressing.take_mark();
    }
    return dressing.take_missing();
}

}  // namespace snapferry::sys
