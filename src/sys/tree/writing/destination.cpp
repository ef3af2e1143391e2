#include "snapferry/sys/tree/writing/destination.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/system_failure.h"
#include "snapferry/sys/tree/attributes.h"

namespace snapferry::sys {
namespace {

constexpr int as_directory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

bool make_directory(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), S_IRWXU) == 0) {
        return true;
    }
    if (errno == EEXIST) {
        return false;
    }
    throw Failure(ExitCode::directory_missing,
                  system_failure(ExitCode::directory_missing,
                                 "make the directory " + escape_text(path.native()))
                      .what(),
                  "is its disk mounted, and may it be written to?");
}

void require_alone(const UniqueFd& directory, const std::string& shown) {
    if (::flock(directory.get(), LOCK_EX | LOCK_NB) == 0) {
        return;
    }
    if (errno == EWOULDBLOCK) {
        throw Failure(ExitCode::busy, fmt::format("something else is restored to {} now", shown),
                      "let it end, then run this again");
    }
    throw system_failure(ExitCode::directory_missing, "lock " + shown);
}

/// What concerns one entry only.
bool is_of_the_entry(int error) {
    switch (error) {
        case EPERM:
        case EACCES:
        case EINVAL:
        case EILSEQ:
        case ENAMETOOLONG:
        case EOPNOTSUPP:
        case EEXIST:
        case EISDIR:
        case ENOTDIR:
        case ENOENT:
        case ELOOP:
        case EXDEV:
        case EMLINK:
        case EFBIG:
        case EOVERFLOW:
        case ETXTBSY:
            return true;
        default:
            return false;
    }
}

}  // namespace

Destination::Destination(const std::filesystem::path& path, Use use) : path_(path) {
    if (use == Use::write) {
        is_new_ = make_directory(path);
    }
    top_ = UniqueFd(::open(path.c_str(), as_directory));
    if (!top_ && (use == Use::write || errno != ENOENT)) {
        throw system_failure(ExitCode::directory_missing, "open " + shown(""));
    }
    if (use == Use::write) {
        require_alone(top_, shown(""));
    }
}

std::optional<Found> Destination::look_at(const std::string& path) const {
    if (!top_) {
        return std::nullopt;
    }
    const auto parent = parent_of(path);
    const auto directory = open(parent, as_directory);
    auto found = directory ? found_at(directory.get(), name_of(path), path) : std::nullopt;
    if (!found) {
        if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) {
            return std::nullopt;
        }
        throw failure_at("look at", shown(path));
    }
    auto attributes =
        read_attributes(directory.get(), name_of(path), ExitCode::incomplete, shown(path));
    attributes.erase(unfinished_mark);
    found->entry.xattrs = digest_of(attributes);
    return found;
}

bool Destination::is_unfinished(const std::string& path) const {
    const auto directory = open(path, as_directory);
    return directory && ::fgetxattr(directory.get(), unfinished_mark, nullptr, 0) >= 0;
}

void Destination::mark() const {
    (void)::fsetxattr(top_.get(), unfinished_mark, "", 0, 0);
}

UniqueFd Destination::open(const std::string& path, int flags) const {
    return open_beneath(top_.get(), path.empty() ? "." : path, flags);
}

UniqueFd Destination::directory_of(const std::string& path) const {
    auto directory = open(parent_of(path), as_directory);
    if (!directory) {
        throw failure_at("open", shown(parent_of(path)));
    }
    return directory;
}

std::string Destination::shown(const std::string& path) const {
    return escape_text(path.empty() ? path_.native() : (path_ / path).native());
}

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return path.empty() ? "." : slash == std::string::npos ? path : path.substr(slash + 1);
}

Failure failure_at(std::string_view operation, const std::string& shown) {
    const int error = errno;
    const auto words = fmt::format("{} {}", operation, shown);
    if (error == EROFS) {
        return system_failure(ExitCode::directory_missing, words, error);
    }
    return system_failure(is_of_the_entry(error) ? ExitCode::incomplete : ExitCode::receiving,
                          words, error);
}

}  // namespace snapferry::sys
