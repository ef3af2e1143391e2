#pragma once

#include <filesystem>
#include <set>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/retention/retention.h"
#include "snapferry/receive/backups/inventory.h"

/// Which backups of a tag a person has said must stay. Each lock is a file of its own, named by the
/// backup's copy: nothing has to be parsed, so nothing that is damaged can unlock one.
namespace snapferry::receive {

/// Throws Failure (receiving) where the directory cannot be read: then nothing may be deleted.
std::set<Uuid> read_locks(const std::filesystem::path& locks);

/// True where this copy is locked at this moment.
bool is_locked(const std::filesystem::path& locks, const Uuid& copy);

/// Marks the backups that are.
void mark_locked(Inventory& inventory, const std::filesystem::path& locks);

/// Durable on return.
void lock(const std::filesystem::path& locks, const Backup& backup);
void unlock(const std::filesystem::path& locks, const Backup& backup);

}  // namespace snapferry::receive
