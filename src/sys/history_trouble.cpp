#include "snapferry/sys/history_trouble.h"

#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <filesystem>

#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

constexpr auto note = "/run/snapferry/history.trouble";
constexpr std::size_t longest = 4096;  // bytes

}  // namespace

void note_history_trouble(const std::string& why) noexcept {
    try {
        if (!is_there(note)) {
            make_private_directory(std::filesystem::path(note).parent_path());
            replace_file(note, why.substr(0, longest));
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the run's own log says it
    }
}

void forget_history_trouble() noexcept {
    (void)::unlink(note);  // most often there is none
}

std::optional<HistoryTrouble> history_trouble() {
    struct stat data {};
    if (::lstat(note, &data) != 0) {
        return std::nullopt;
    }
    return HistoryTrouble{std::chrono::sys_seconds(std::chrono::seconds(data.st_mtim.tv_sec)),
                          read_small_file(note, longest).value_or("")};
}

}  // namespace snapferry::sys
