#include "file_text.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::admin {
namespace {

constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01, in seconds since 1970
constexpr std::int64_t last_second = 253'402'214'400;   // 9999-12-31

std::optional<std::chrono::sys_seconds> moment_of(const manifest::Time& time) {
    if (time.seconds < first_second || time.seconds > last_second) {
        return std::nullopt;
    }
    return std::chrono::sys_seconds(std::chrono::seconds(time.seconds));
}

}  // namespace

std::string file_text(const past::Seen& seen) {
    constexpr std::size_t to_the_second = 19;  // bytes: "2026-11-25 07:15:01"
    const auto moment = moment_of(seen.modified);
    return fmt::format(
        "{:<19}  {:>16}",
        moment ? sys::local_time_text(*moment).substr(0, to_the_second) : std::string("?"),
        seen.kind == manifest::Kind::file ? byte_text(seen.size) : kind_text(seen.kind));
}

std::string kind_text(manifest::Kind kind) {
    constexpr std::array names{"directory", "file",         "symlink",         "fifo",
                               "socket",    "block device", "character device"};
    return names.at(static_cast<std::size_t>(kind));
}

std::optional<std::string> time_iso(const manifest::Time& time) {
    const auto moment = moment_of(time);
    return moment ? std::optional(sys::local_time_iso(*moment)) : std::nullopt;
}

}  // namespace snapferry::admin
