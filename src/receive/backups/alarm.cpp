#include "snapferry/receive/backups/alarm.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/alarm.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/receive/setup/hook.h"
#include "snapferry/receive/setup/telling.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/history.h"

namespace snapferry::receive {
namespace {

std::vector<Arrival> all_of(const ArrivalBook& book) {
    auto all = book.gone;
    for (const auto& [copy, arrival] : book.present) {
        all.push_back(arrival);
    }
    return all;
}

void call_hook(const Watched& watched, const Alarm& alarm, Log& log) {
    if (watched.config.on_alarm.empty()) {
        return;
    }
    try {
        run_hook({"on_alarm",
                  watched.config.on_alarm,
                  {"SNAPFERRY_HOOK=on_alarm", "SNAPFERRY_TAG=" + watched.tag.text(),
                   "SNAPFERRY_SNAPSHOT=" + alarm.snapshot, "SNAPFERRY_ALARM=" + alarm.what},
                  watched.config.hook_timeout,
                  watched.config.file},
                 log);
    } catch (const std::exception& error) {
        log.warning("{}", escape_text(error.what()));
    }
}

/// For `snapferry tell`: the disk with the alarm may be away by then.
void note_to_tell(const Watched& watched, const Alarm& alarm, Log& log) {
    try {
        alert::Standing standing{alarm_key(watched.tag), {alert::Kind::alarm}};
        standing.begun = fmt::format("ALARM: {}: {}", watched.tag.text(), alarm.what);
        standing.still = fmt::format("ALARM, still: {}: {}", watched.tag.text(), alarm.what);
        standing.over = fmt::format("the alarm of {} was cleared", watched.tag.text());
        standing.facts = {{"Alarm", alarm_text(watched.tag, alarm)}};
        sys::AlertNotes(sys::alerts_directory(sys::state_directory, "receive")).note(standing);
    } catch (const std::exception& error) {
        log.warning("the alarm could not be noted for a mail: {}", escape_text(error.what()));
    }
}

void raise_alarm(const Watched& watched, AlarmState state, const std::string& what,
                 const Arrival& arrived, Log& log) {
    state.active = Alarm{what, escape_text(watched.name.text()), arrived.when.at};
    try {
        write_alarm(watched.target.alarm, state);
    } catch (const std::exception& error) {
        log.warning("the alarm could not be written down: {}", escape_text(error.what()));
    }
    log.warning("{}", alarm_text(watched.tag, *state.active));
    if (tells_once(watched.config)) {
        note_to_tell(watched, *state.active, log);
    }
    call_hook(watched, *state.active, log);
}

}  // namespace

std::string alarm_key(const Tag& tag) {
    return "alarm " + tag.text();
}

void watch_arrival(const Watched& watched, const ArrivalBook& earlier, const Arrival& arrived,
                   std::optional<std::uint64_t> files_before, Log& log) {
    auto state = read_alarm(watched.target.alarm);
    if (state.active) {
        return;  // the first says it all
    }
    const auto all = all_of(earlier);
    const auto why =
        judge_arrival({all, arrived, files_before, state.cleared}, watched.config.alarm);
    if (why) {
        raise_alarm(watched, state, *why, arrived, log);
    }
}

}  // namespace snapferry::receive
