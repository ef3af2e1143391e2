#include "snapferry/receive/backups/arrival_note.h"

#include <sys/stat.h>

#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {

void note_arrival(const std::filesystem::path& notes, const Tag& tag) {
    sys::make_private_directory(notes.parent_path());
    sys::make_private_directory(notes);
    sys::replace_file(notes / tag.text(), {});
}

std::map<std::string, std::chrono::sys_seconds> noted_arrivals(const std::filesystem::path& notes) {
    std::map<std::string, std::chrono::sys_seconds> found;
    for (const auto& entry : sys::entries_of(notes, ExitCode::configuration)) {
        struct stat data {};
        if (Tag::is_tag(entry.name) && entry.kind == sys::EntryKind::file &&
            ::lstat(entry.path.c_str(), &data) == 0) {
            found.emplace(entry.name, std::chrono::seconds(data.st_mtim.tv_sec));
        }
    }
    return found;
}

}  // namespace snapferry::receive
