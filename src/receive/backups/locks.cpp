#include "snapferry/receive/backups/locks.h"

#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::receive {

std::set<Uuid> read_locks(const std::filesystem::path& locks) {
    std::set<Uuid> found;
    for (const auto& entry : sys::entries_of(locks, ExitCode::receiving)) {
        if (const auto copy = Uuid::parse(entry.name)) {
            found.insert(*copy);
        }
    }
    return found;
}

bool is_locked(const std::filesystem::path& locks, const Uuid& copy) {
    return sys::is_there(locks / copy.text());
}

void mark_locked(Inventory& inventory, const std::filesystem::path& locks) {
    const auto locked = read_locks(locks);
    for (auto& backup : inventory.backups) {
        backup.locked = locked.contains(backup.copy);
    }
}

void lock(const std::filesystem::path& locks, const Backup& backup) {
    sys::make_private_directory(locks);
    sys::replace_file(locks / backup.copy.text(), backup.name.text() + "\n", 0600,
                      ExitCode::receiving);
}

void unlock(const std::filesystem::path& locks, const Backup& backup) {
    sys::delete_file(locks / backup.copy.text());
}

}  // namespace snapferry::receive
