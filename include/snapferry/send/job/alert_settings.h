#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace snapferry::send {

/// A program with its arguments; empty where there is none.
using HookCommand = std::vector<std::string>;

/// What is called when a job's run has ended, and when its backups are too old.
struct HookSettings {
    HookCommand on_success{};
    HookCommand on_failure{};
    HookCommand on_stale{};
    HookCommand on_fresh{};  ///< after a good run, where the newest backup is known to be young
    std::chrono::seconds timeout{30};

    friend bool operator==(const HookSettings&, const HookSettings&) = default;
};

/// Where the numbers of all jobs of a configuration are written, for Prometheus.
struct MetricsSettings {
    std::filesystem::path file;
    std::vector<std::string> jobs;  ///< the numbers of any other are removed from it

    friend bool operator==(const MetricsSettings&, const MetricsSettings&) = default;
};

/// Who hears of a job's runs, beside the log.
struct AlertSettings {
    HookSettings hooks{};
    std::optional<MetricsSettings> metrics{};

    friend bool operator==(const AlertSettings&, const AlertSettings&) = default;
};

}  // namespace snapferry::send
