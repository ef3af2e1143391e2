#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/alert/mail_settings.h"

namespace snapferry::send {

/// A program with its arguments; empty where there is none.
using HookCommand = std::vector<std::string>;

/// What is called when a job's run has ended, and when its backups are too old.
struct HookSettings {
    HookCommand before_run{};  ///< before the receiver is called
    HookCommand on_success{};
    HookCommand on_failure{};
    HookCommand on_stale{};
    HookCommand on_fresh{};  ///< after a good run, where the newest backup is known to be young
    HookCommand on_alert{};  ///< once, once a day, and when it is over: see core/alert/trouble.h
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
    std::optional<alert::MailSettings> mail{};

    friend bool operator==(const AlertSettings&, const AlertSettings&) = default;
};

/// Whether anybody is to hear once of what lasts: that is what `snapferry tell` does.
inline bool tells_once(const AlertSettings& alerts) {
    return alerts.mail.has_value() || !alerts.hooks.on_alert.empty();
}

}  // namespace snapferry::send
