#include "snapferry/core/log/log_line.h"

#include <nlohmann/json.hpp>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/time_text.h"

namespace snapferry {

std::string log_text(Severity severity, std::string_view message, const LogContext& about,
                     bool names_job) {
    const bool is_trouble = severity >= Severity::warning;
    return fmt::format("{}{}{}{}{}", names_job ? escape_text(about.job) : "",
                       names_job && !about.job.empty() ? ": " : "",
                       is_trouble ? severity_name(severity) : "", is_trouble ? ": " : "",
                       safe_line(message));
}

std::string log_json(std::chrono::sys_time<std::chrono::milliseconds> time, Severity severity,
                     std::string_view message, const LogContext& about) {
    nlohmann::ordered_json line{
        {"time", utc_text(time)}, {"severity", severity_name(severity)}, {"message", message}};
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            line[name] = value;
        }
    };
    add("job", about.job);
    add("tag", about.tag);
    add("snapshot", about.snapshot);
    add("run", about.run);
    constexpr int on_one_line = -1;
    return safe_json(line.dump(on_one_line, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace snapferry
