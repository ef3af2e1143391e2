#include "snapferry/receive/arrival_note.h"

#include <sys/stat.h>

#include "snapferry/sys/file.h"

namespace snapferry::receive {

void note_arrival(const std::filesystem::path& notes, const Tag& tag) {
    sys::make_private_directory(notes.parent_path());
    sys::make_private_directory(notes);
    sys::replace_file(notes / tag.text(), {});
}

std::map<std::string, std::chrono::sys_seconds> noted_arrivals(const std::filesystem::path& notes) {
    std::map<std::string, std::chrono::sys_seconds> found;
    if (!std::filesystem::exists(notes)) {
        return found;
    }
    for (const auto& entry : std::filesystem::directory_iterator(notes)) {
        const auto name = entry.path().filename().native();
        struct stat data {};
        if (Tag::is_tag(name) && ::stat(entry.path().c_str(), &data) == 0) {
            found.emplace(name, std::chrono::seconds(data.st_mtim.tv_sec));
        }
    }
    return found;
}

}  // namespace snapferry::receive
