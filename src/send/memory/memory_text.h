#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/send/memory/disk_memory.h"

/// The text of a memory's file, JSON.
namespace snapferry::send {

/// What is in it.
struct Remembered {
    DiskMemory present{};              ///< of the disk that was in last
    std::vector<DiskMemory> absent{};  ///< of others, the last to have been in first
    std::set<std::string> former{};
    std::string mirrored{};

    /// Of each disk.
    [[nodiscard]] std::vector<DiskMemory> disks() const;
};

std::string memory_text(const JobIdentity& job, const Remembered& content);

/// Throws Failure, or whatever the JSON library throws, where it is anything else.
Remembered remembered_in(const std::string& text);

/// What an earlier version has written, of all receivers of one tag, by "host:port". As above.
std::map<std::string, Remembered> formerly_remembered_in(const std::string& text);

}  // namespace snapferry::send
