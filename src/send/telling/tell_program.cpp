#include "snapferry/send/telling/tell_program.h"

#include <fmt/format.h>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/one_line.h"
#include "snapferry/sys/alert/notes.h"
#include "snapferry/sys/alert/outbox.h"
#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/processes/run_within.h"

namespace snapferry::send {
namespace {

constexpr std::chrono::minutes patience{15};  // for another that is at work, and some mails
constexpr std::size_t most_said = 2000;       // bytes

}  // namespace

void TellProgram::run(const sys::StopFlag& stop, Log& log) const {
    sys::Command command;
    command.program = sys::own_directory() / "snapferry";
    command.arguments = {"--config", config_.native(), "--state-dir", state_dir_.native(),
                         "tell",     "--sending",      "--background"};
    const auto end = sys::run_within(std::move(command), patience, most_said, &stop);
    const bool is_well = end.status && end.status->is_success() && end.said.empty();
    if (!end.stopped && !is_well) {
        const auto how = end.status ? end.status->text() : std::string("it took too long");
        log.warning("not all is told: {}",
                    end.said.empty() ? "snapferry tell: " + how : safe_line(on_one_line(end.said)));
    }
}

bool TellProgram::has_to_try_again() const {
    const sys::Outbox outbox(sys::alerts_directory(state_dir_, "send") / "outbox");
    const auto trouble = outbox.trouble();
    return trouble && sys::is_due(trouble, std::chrono::floor<std::chrono::milliseconds>(
                                               std::chrono::system_clock::now()));
}

}  // namespace snapferry::send
