#include "snapferry/sys/progress_file.h"

#include <unistd.h>

#include <cstddef>
#include <exception>
#include <utility>

#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"
#include "snapferry/sys/processes/process_mark.h"

namespace snapferry::sys {

ProgressFile::ProgressFile(std::filesystem::path file) : file_(std::move(file)), by_(own_mark()) {}

ProgressFile::~ProgressFile() {
    (void)::unlink(file_.c_str());
}

void ProgressFile::write(const UnderWay& at) const {
    replace_file(file_, note_text({by_, at}));
}

std::optional<UnderWay> progress_in(const std::filesystem::path& file,
                                    const std::filesystem::path& lock) {
    constexpr std::size_t largest = 4096;  // bytes
    try {
        if (!FileLock::is_held(lock)) {
            return std::nullopt;
        }
        const auto text = read_own_file(file, largest);
        const auto note = text ? parse_note(*text) : std::nullopt;
        return note && is_alive(note->by) ? note->at : UnderWay{};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

}  // namespace snapferry::sys
