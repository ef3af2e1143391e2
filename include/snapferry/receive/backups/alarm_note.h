#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "snapferry/core/age/counted_time.h"
#include "snapferry/core/names/tag.h"

/// A tag's alarm, beside its backups: while there is one, nothing of the tag is pruned.
namespace snapferry::receive {

struct Alarm {
    std::string what;      ///< what was seen, escaped
    std::string snapshot;  ///< with which it came, escaped
    std::chrono::sys_seconds seen;
};

struct AlarmState {
    std::optional<Alarm> active{};
    CountedTime cleared{};  ///< when a person last cleared one
};

/// One that is not sound is an alarm.
AlarmState read_alarm(const std::filesystem::path& file);

/// Durable on return.
void write_alarm(const std::filesystem::path& file, const AlarmState& state);

/// "an alarm holds the backups of home since ...: ...; ... snapferry clear-alarm home".
std::string alarm_text(const Tag& tag, const Alarm& alarm);

}  // namespace snapferry::receive
