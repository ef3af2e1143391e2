#include "snapferry/sys/systemd/service_manager.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <ctime>

namespace snapferry::sys {
namespace {

/// What fails here concerns nobody but systemd, which then draws its own conclusions.
void tell(const std::string& state) {
    (void)::sd_notify(0, state.c_str());
}

/// A line feed would end the status and begin something else.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::uint64_t monotonic_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

}  // namespace

void tell_ready(const std::string& status) {
    tell(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void tell_reloading() {
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration again",
                     monotonic_microseconds()));
}

void tell_stopping() {
    tell("STOPPING=1\nSTATUS=stopping");
}

void tell_status(const std::string& status) {
    tell("STATUS=" + one_line(status));
}

void feed_watchdog() {
    tell("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_patience() {
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0) {
        return std::nullopt;
    }
    return std::chrono::microseconds{microseconds};
}

}  // namespace snapferry::sys
