#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

namespace snapferry {

enum class Severity { debug, info, warning, error };

inline constexpr std::array<std::string_view, 4> severity_names{"debug", "info", "warning",
                                                                "error"};

constexpr std::string_view severity_name(Severity severity) {
    return severity_names.at(static_cast<std::size_t>(severity));
}

/// What a line is about, for those who search a log; empty where it is not about any, or where that
/// is not known yet.
struct LogContext {
    std::string job;
    std::string tag;       ///< at the receiver
    std::string snapshot;  ///< the one that is being sent
    std::string run;       ///< the run's uuid

    friend bool operator==(const LogContext&, const LogContext&) = default;
};

/// Where a program tells what it does. Implementations escape nothing: whoever passes on bytes from
/// the other side escapes them first (see escape.h).
class Log {
  public:
    virtual ~Log() = default;

    virtual void write(Severity severity, std::string_view line) = 0;

    /// The same with what it is about, for a log that has a place for that.
    virtual void write_about(const LogContext& /*about*/, Severity severity,
                             std::string_view line) {
        write(severity, line);
    }

    template <typename... Args>
    void debug(fmt::format_string<Args...> format, Args&&... args) {
        write(Severity::debug, fmt::format(format, std::forward<Args>(args)...));
    }
    template <typename... Args>
    void info(fmt::format_string<Args...> format, Args&&... args) {
        write(Severity::info, fmt::format(format, std::forward<Args>(args)...));
    }
    template <typename... Args>
    void warning(fmt::format_string<Args...> format, Args&&... args) {
        write(Severity::warning, fmt::format(format, std::forward<Args>(args)...));
    }
    template <typename... Args>
    void error(fmt::format_string<Args...> format, Args&&... args) {
        write(Severity::error, fmt::format(format, std::forward<Args>(args)...));
    }
};

}  // namespace snapferry
