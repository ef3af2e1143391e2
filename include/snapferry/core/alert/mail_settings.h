#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/alert/standing.h"

namespace snapferry::alert {

enum class MailTls {
    starttls,  ///< demanded, on the port for submission
    implicit,  ///< from the first byte
    none,      ///< only because somebody wrote so
};

/// [mail] of a configuration.
struct MailSettings {
    std::string server;  ///< a name or an address
    unsigned port = 587;
    MailTls tls = MailTls::starttls;
    std::optional<std::filesystem::path> ca_file{};  ///< or else those that the system believes
    std::string user{};                              ///< empty: no login
    std::filesystem::path password_file{};           ///< read when a mail leaves
    std::string from;
    std::vector<std::string> to;
    std::set<Kind> when{};

    friend bool operator==(const MailSettings&, const MailSettings&) = default;
};

}  // namespace snapferry::alert
