#include <unistd.h>

#include <memory>

#include "../command.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/receive/talk/session.h"
#include "snapferry/sys/processes/program.h"
#include "snapferry/sys/signals/signal_state.h"

namespace snapferry::commands {
namespace {

struct Wanted {
    std::string tag;
    std::string config;
};

/// A reader that is gone is a lost sender here, and keeps what has come.
ExitCode receive_here(const Wanted& wanted) {
    sys::require_root("the backup disk is root's");
    sys::take_usual_signals();
    return receive::serve(Tag::parse(wanted.tag), wanted.config, STDIN_FILENO, STDOUT_FILENO,
                          receive::Caller::here);
}

}  // namespace

Command declare_receive_here(CLI::App& app, const Shared& /*shared*/) {
    const auto wanted = std::make_shared<Wanted>();
    auto* const command = app.add_subcommand(
        "receive-here", "for snapshot-send on this machine: the receiver of a tag");
    command->add_option("TAG", wanted->tag)->required();
    command->add_option("CONFIG", wanted->config)->required();
    command->group("");  // nobody types it
    return {command, [wanted] { return receive_here(*wanted); }};
}

}  // namespace snapferry::commands
