#include "snapferry/admin/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/sys/machine/screen.h"
#include "snapferry/sys/pauses.h"

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

/// Of tags that no job has yet: on a machine that is being set up anew.
std::string pauses_of_no_job(const std::vector<admin::JobState>& states) {
    std::string text;
    for (const auto& pause : sys::Pauses().all()) {
        const bool is_shown = std::ranges::any_of(states, [&](const admin::JobState& state) {
            return state.identity.dest_tag == pause.tag;
        });
        if (!is_shown) {
            text += fmt::format("\n{0} is {1}; snapferry resume {0} lets it be sent again\n",
                                pause.tag, sys::pause_text(pause));
        }
    }
    return text;
}

ExitCode show_status(const Shared& shared, const Options& options) {
    const auto screen = sys::look_at_screen(STDOUT_FILENO);
    if (options.watch) {
        if (!screen.width) {
            refuse_usage("--watch needs a terminal");
        }
        watch(shared);
    }
    const auto jobs = states(shared);
    print(options.json ? admin::status_json(jobs, now())
                       : admin::status_text(jobs, now(), screen) + pauses_of_no_job(jobs));
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
