#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What a service of Type=notify says to systemd (sd_notify(3)). Without systemd nobody hears it.
namespace snapferry::sys {

void tell_ready(const std::string& status);

/// Before a configuration is read anew; tell_ready() is what ends it.
void tell_reloading();

void tell_stopping();
void tell_status(const std::string& status);

/// That this lives. Only for who has looked that it does.
void feed_watchdog();

/// How often at least feed_watchdog() is expected; nothing where nobody watches.
std::optional<std::chrono::microseconds> watchdog_patience();

}  // namespace snapferry::sys
