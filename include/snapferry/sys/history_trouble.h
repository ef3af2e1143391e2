#pragma once

#include <chrono>
#include <optional>
#include <string>

/// That what the runs come to could not be written into the history: then it shows how things were,
/// and not how they are. Noted in memory (/run), as the disk is what cannot be written.
namespace snapferry::sys {

struct HistoryTrouble {
    std::chrono::sys_seconds since;
    std::string why;
};

/// The first time counts, until it is forgotten. Neither throws.
void note_history_trouble(const std::string& why) noexcept;
void forget_history_trouble() noexcept;

std::optional<HistoryTrouble> history_trouble();

}  // namespace snapferry::sys
