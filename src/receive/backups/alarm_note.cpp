#include "snapferry/receive/backups/alarm_note.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "snapferry/core/text/escape.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::receive {
namespace {

using nlohmann::json;

constexpr std::size_t max_alarm = 65536;  // bytes; it takes about 300

AlarmState from_json(const json& object) {
    AlarmState state;
    state.cleared =
        CountedTime(std::chrono::milliseconds(object.at("cleared").get<std::int64_t>()));
    if (!object.at("what").is_null()) {
        state.active = Alarm{
            escape_text(object.at("what").get<std::string>()),
            escape_text(object.at("snapshot").get<std::string>()),
            std::chrono::sys_seconds(std::chrono::seconds(object.at("seen").get<std::int64_t>()))};
    }
    return state;
}

}  // namespace

AlarmState read_alarm(const std::filesystem::path& file) {
    try {
        const auto text = sys::read_own_file(file, max_alarm);
        return text ? from_json(json::parse(*text)) : AlarmState{};
    } catch (const std::exception&) {
        return {Alarm{"the note of an alarm is not as it was written", "", {}}, {}};
    }
}

void write_alarm(const std::filesystem::path& file, const AlarmState& state) {
    json object{
        {"format", 1}, {"what", nullptr}, {"cleared", state.cleared.time_since_epoch().count()}};
    if (state.active) {
        object["what"] = state.active->what;
        object["snapshot"] = state.active->snapshot;
        object["seen"] = state.active->seen.time_since_epoch().count();
    }
    sys::replace_file(file, object.dump(1) + "\n", 0600, ExitCode::receiving);
}

std::string alarm_text(const Tag& tag, const Alarm& alarm) {
    return fmt::format(
        "ALARM: nothing of {} is pruned any more: {}{}; was the NAS broken into, or its data "
        "encrypted? If all is well, run there: sudo snapferry clear-alarm {}",
        tag.text(), alarm.what,
        alarm.snapshot.empty()
            ? ""
            : fmt::format(" ({}, seen {})", alarm.snapshot, sys::local_time_text(alarm.seen)),
        tag.text());
}

}  // namespace snapferry::receive
