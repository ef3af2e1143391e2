#pragma once

#include <fmt/format.h>

#include <string_view>

namespace snapferry {

enum class Severity { debug, info, warning, error };

/// Where a program tells what it does. Implementations escape nothing: whoever passes on bytes from
/// the other side escapes them first (see escape.h).
class Log {
  public:
    virtual ~Log() = default;

    virtual void write(Severity severity, std::string_view line) = 0;

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
