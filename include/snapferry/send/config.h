#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/send/job.h"

namespace snapferry::send {

inline constexpr auto config_path = "/etc/snapferry/send.toml";

/// The jobs of send.toml, in the order of their names. See snapferry-send.toml(5). Throws Failure
/// (configuration) naming file, line and key.
std::vector<Job> load_jobs(const std::filesystem::path& file);

}  // namespace snapferry::send
