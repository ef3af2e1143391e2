#include "snapferry/send/here/job_places.h"

namespace snapferry::send {

std::filesystem::path sender_home(const std::filesystem::path& snapshot_dir) {
    return snapshot_dir / ".snapferry";
}

std::filesystem::path pins_place(const std::filesystem::path& home, const std::string& name) {
    return home / name;
}

std::filesystem::path memory_file(const std::filesystem::path& home, const std::string& name) {
    return home / (name + ".memory.json");
}

std::filesystem::path digests_file(const std::filesystem::path& home, const std::string& name) {
    return home / (name + ".digests");
}

std::filesystem::path unused_note(const std::filesystem::path& home, const std::string& name) {
    return home / (name + ".unused");
}

}  // namespace snapferry::send
