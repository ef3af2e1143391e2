#include "snapferry/sys/system_failure.h"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <system_error>

namespace snapferry::sys {
namespace {

/// A backup disk that fails, a directory there that cannot be changed, or a machine that has no
/// more to give says nothing about what was being received. (At the sender, what cannot be read is
/// what cannot be sent.)
bool is_of_the_place(int error) {
    switch (error) {
        case EIO:
        case EROFS:
        case ENODEV:
        case ENXIO:
        case EPERM:
        case EACCES:
        case EBUSY:
        case ENOMEM:
        case EAGAIN:
        case EMFILE:
        case ENFILE:
            return true;
        default:
            return false;
    }
}

/// What this program needs for itself, it needs whatever it receives or sends.
bool may_pass(ExitCode code, int error) {
    return code == ExitCode::internal || (code == ExitCode::receiving && is_of_the_place(error));
}

}  // namespace

std::string error_text(int error) {
    auto text = std::generic_category().message(error);
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0) {
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    }
    return text;
}

Failure system_failure(ExitCode code, std::string_view operation) {
    return system_failure(code, operation, errno);
}

Failure system_failure(ExitCode code, std::string_view operation, int error) {
    const bool full = error == ENOSPC || error == EDQUOT;
    const auto words = fmt::format("cannot {}: {}", operation, error_text(error));
    if (full) {
        return Failure(ExitCode::no_space, words);
    }
    return may_pass(code, error) ? PassingFailure(code, words) : Failure(code, words);
}

}  // namespace snapferry::sys
