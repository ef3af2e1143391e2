#include "snapferry/sys/system_failure.h"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <system_error>

namespace snapferry::sys {
namespace {

/// A backup disk that fails says nothing about what was being received. (At the sender, what cannot
/// be read is what cannot be sent.)
bool is_of_the_backup_disk(ExitCode code, int error) {
    return code == ExitCode::receiving &&
           (error == EIO || error == EROFS || error == ENODEV || error == ENXIO);
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
    if (is_of_the_backup_disk(code, error)) {
        return PassingFailure(code, words);
    }
    return Failure(full ? ExitCode::no_space : code, words);
}

}  // namespace snapferry::sys
