#include "snapferry/send/memory/last_sent.h"

#include "snapferry/sys/files/file.h"

namespace snapferry::send {

std::filesystem::path last_sent_file(const std::filesystem::path& snapshot_dir,
                                     const std::string& source_tag) {
    return snapshot_dir / ("last_sent_@" + source_tag + ".txt");
}

std::string read_last_sent(const std::filesystem::path& file) {
    constexpr std::size_t limit = 64 * 1024;  // bytes: a name has 255, whatever came before it
    auto text = sys::read_small_file(file, limit, ExitCode::sending).value_or("");
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '/' ||
                             text.back() == ' ')) {
        text.pop_back();
    }
    const auto begin = text.find_last_of("\n/");
    return begin == std::string::npos ? text : text.substr(begin + 1);
}

void write_last_sent(const std::filesystem::path& file, const SnapshotName& name) {
    const auto content = name.text() + "\n";
    if (read_last_sent(file) != name.text()) {
        sys::replace_file(file, content, 0644, ExitCode::sending);
    }
}

}  // namespace snapferry::send
