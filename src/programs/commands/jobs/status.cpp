#include "snapferry/admin/status.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/sys/machine/screen.h"

namespace snapferry::commands {
namespace {

struct Options {
    bool json = false;
    bool watch = false;
};

[[noreturn]] void watch(const Shared& shared) {
    constexpr auto clear_screen = "\x1b[H\x1b[2J";
    constexpr std::chrono::seconds pause{2};
    for (;;) {
        const auto text =
            admin::status_text(states(shared), now(), sys::look_at_screen(STDOUT_FILENO));
        print(clear_screen + text);
        std::this_thread::sleep_for(pause);
    }
}

ExitCode show_status(const Shared& shared, const Options& options) {
    const auto screen = sys::look_at_screen(STDOUT_FILENO);
    if (options.watch) {
        if (!screen.width) {
            refuse_usage("--watch needs a terminal");
        }
        watch(shared);
    }
    print(options.json ? admin::status_json(states(shared), now())
                       : admin::status_text(states(shared), now(), screen));
    return ExitCode::done;
}

}  // namespace

Command declare_status(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand("status", "how each job is");
    auto* const json = command->add_flag("--json", options->json, "as JSON");
    command->add_flag("--watch", options->watch, "show it anew every two seconds, until Ctrl-C")
        ->excludes(json);
    return {command, [&shared, options] { return show_status(shared, *options); }};
}

}  // namespace snapferry::commands
