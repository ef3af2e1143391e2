#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/sys/history.h"

namespace snapferry::sys {

/// That nothing is sent into a tag for now, whatever receiver it is at.
struct Pause {
    std::string tag;
    std::optional<std::chrono::sys_seconds> since{};  ///< nothing where the note does not tell
    std::string why{};                                ///< empty where it does not tell
};

/// "paused since 2026-11-26 20:00:00: WHY", escaped.
std::string pause_text(const Pause& pause);

/// The pauses of this machine's jobs: a file each, for the tag at the receiver, which outlives a
/// restart. That it is there is what counts: one that is damaged is a pause all the same.
class Pauses {
  public:
    explicit Pauses(const std::filesystem::path& state_dir = state_directory);

    /// One that cannot be looked at counts as there.
    [[nodiscard]] std::optional<Pause> of(const std::string& tag) const;

    /// All there are, in the order of their tags. Throws Failure (configuration).
    [[nodiscard]] std::vector<Pause> all() const;

    /// Durable on return; one that is there already stays as it is. Throws Failure (configuration).
    void begin(const Tag& tag, const std::string& why) const;

    /// False where there was none. Throws Failure (configuration).
    bool end(const std::string& tag) const;

  private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& tag) const;

    std::filesystem::path directory_;
};

}  // namespace snapferry::sys
