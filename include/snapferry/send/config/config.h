#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/send/job/job.h"
#include "snapferry/send/rotation/rotation.h"

namespace snapferry::send {

inline constexpr auto config_path = "/etc/snapferry/send.toml";

/// What send.toml says.
struct SendConfig {
    std::vector<Job> jobs;              ///< in the order of their names
    std::vector<Rotation> rotations{};  ///< [snapshots.NAME], in the order of their names
    HookSettings hooks{};               ///< of all that say nothing else
    std::optional<alert::MailSettings> mail{};
    std::size_t max_jobs = 2;                            ///< that the daemon runs at once
    std::optional<std::filesystem::path> report_file{};  ///< that `snapferry report` keeps up
    std::optional<WallTime> written{};                   ///< when the file was changed last
};

/// Whether anybody is to hear once of what lasts: by mail, or by a hook of all or of one job.
bool tells_once(const SendConfig& config);

/// See snapferry-send.toml(5). Throws Failure (configuration) naming file, line and key.
SendConfig load_config(const std::filesystem::path& file);

/// `person` of each [receivers.NAME] that has one, by NAME: where a person logs in. Throws Failure
/// (configuration) naming file, line and key.
std::map<std::string, std::string> load_logins(const std::filesystem::path& file);

/// The jobs of send.toml alone, in the order of their names. See snapferry-send.toml(5). Throws
/// Failure (configuration) naming file, line and key.
std::vector<Job> load_jobs(const std::filesystem::path& file);

}  // namespace snapferry::send
