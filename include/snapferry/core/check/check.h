#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

/// What a check finds, in the form that Nagios, Icinga and Consul read: a line, and an exit code.
/// Source: Monitoring Plugins' Development Guidelines.
namespace snapferry {

/// The values are the exit codes.
enum class CheckState { ok = 0, warning = 1, critical = 2, unknown = 3 };

/// A number beside the words, for graphs.
struct PerformanceValue {
    std::string label;  ///< what is not plain in it is replaced
    double value = 0;
    std::string unit;  ///< "s", "B", "%", "c" (a counter) or empty
    std::optional<double> warning{};
    std::optional<double> critical{};

    friend bool operator==(const PerformanceValue&, const PerformanceValue&) = default;
};

/// One thing that was looked at.
struct Finding {
    CheckState state = CheckState::ok;
    std::string text;  ///< "home: newest backup is 3 h old"; escaped already
    std::vector<PerformanceValue> values{};

    friend bool operator==(const Finding&, const Finding&) = default;
};

/// What was looked at at a receiver, and of what it is.
struct AboutFinding {
    std::string about;  ///< a tag; empty: the disk, or this machine
    Finding finding;
    bool is_of_machine = false;  ///< of this machine: it is known, whatever the disk does
};

/// The worst of them; unknown where there are none, for nothing was checked then. Critical is worse
/// than unknown, unknown worse than warning.
CheckState worst_of(std::span<const Finding> findings);

/// "SNAPFERRY CRITICAL: ...", the worst first, then "|" and the values; a second and further line
/// for each other finding.
std::string check_text(std::span<const Finding> findings);

}  // namespace snapferry
