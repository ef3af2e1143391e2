#include <fmt/format.h>

#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "snapferry/core/failure.h"
#include "snapferry/receive/backups/alarm.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/history.h"

namespace snapferry::commands {
namespace {

ExitCode clear_alarm(const std::string& named) {
    const auto config = config_of_receiver();
    const auto tag = tags_meant(config, named).front();
    const auto view = receive::look_at_tag(config, tag);
    const auto state = receive::read_alarm(view.target.alarm);
    if (!state.active) {
        print(fmt::format("{} has no alarm\n", tag.text()));
        return ExitCode::done;
    }
    sys::AlertNotes(sys::alerts_directory(sys::state_directory, "receive"))
        .note_over(receive::alarm_key(tag));
    receive::write_alarm(view.target.alarm, {std::nullopt, view.ages.now});
    const auto what = fmt::format("the alarm of {} is cleared: {}", tag.text(), state.active->what);
    note_in_journal(tag, what);
    print(what + "\nwhat the policy no longer keeps goes with the next run\n");
    return ExitCode::done;
}

}  // namespace

Command declare_clear_alarm(CLI::App& app, const Shared& /*shared*/) {
    const auto tag = std::make_shared<std::string>();
    auto* const command =
        app.add_subcommand("clear-alarm", "all is well with what arrived: let it be pruned again");
    command->add_option("TAG", *tag, "of which tag")->required();
    return {command, [tag] { return clear_alarm(*tag); }};
}

}  // namespace snapferry::commands
