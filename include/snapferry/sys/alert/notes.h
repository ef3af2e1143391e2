#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/alert/standing.h"

namespace snapferry::sys {

/// Where the alerts of one side of this machine are kept: "send" or "receive".
std::filesystem::path alerts_directory(const std::filesystem::path& state_dir,
                                       const std::string& side);

/// Makes it, for its owner alone, with those above it. Throws Failure (configuration).
void make_alerts_directory(const std::filesystem::path& directory);

/// How things stand that no history tells of (a rotation, an alarm): what a program notes, and
/// `snapferry tell` tells. Durable. Throws Failure (configuration).
class AlertNotes {
  public:
    explicit AlertNotes(std::filesystem::path directory) : directory_(std::move(directory)) {}

    /// Something is wrong with it, until it is noted to be over.
    void note(const alert::Standing& standing) const;

    /// It is over, where anything was noted of it.
    void note_over(const std::string& key) const;

    /// What is broken is left out, and deleted.
    [[nodiscard]] std::vector<alert::Standing> all() const;

    /// That it is over was told: it is not noted any more, unless something is wrong again.
    void forget_over(const std::string& key) const;

  private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;

    std::filesystem::path directory_;
};

}  // namespace snapferry::sys
