#include "snapferry/admin/status/status.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include "../command.h"
#include "../own_codes.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/machine/screen.h"

namespace snapferry::commands {
namespace {

struct Options {
    bool json = false;
    bool watch = false;
    bool only_sending = false;
    bool only_receiving = false;
};

Sides sides_of(const Options& options) {
    return options.only_sending     ? Sides::sending
           : options.only_receiving ? Sides::receiving
                                    : Sides::both;
}

/// Who edits a configuration may have saved half of it.
std::string text_now(const Shared& shared, Sides sides) {
    try {
        return admin::status_text(standing(shared, sides), now(),
                                  sys::look_at_screen(STDOUT_FILENO));
    } catch (const Failure& failure) {
        return failure_text(failure) + "\n";
    }
}

[[noreturn]] void watch(const Shared& shared, Sides sides) {
    constexpr auto clear_screen = "\x1b[H\x1b[2J";
    constexpr std::chrono::seconds pause{2};
    for (;;) {
        print(clear_screen + text_now(shared, sides));
        std::this_thread::sleep_for(pause);
    }
}

ExitCode show_status(const Shared& shared, const Options& options) {
    const auto screen = sys::look_at_screen(STDOUT_FILENO);
    if (options.watch) {
        if (!screen.width) {
            refuse_usage("--watch needs a terminal");
        }
        watch(shared, sides_of(options));
    }
    const auto all = standing(shared, sides_of(options));
    if (options.json) {
        print(admin::status_json(all, now()));
        return ExitCode::done;
    }
    print(admin::status_text(all, now(), screen));
    return verdict_of(all, now()).is_well ? ExitCode::done : needs_you;
}

}  // namespace

Command declare_status(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command =
        app.add_subcommand("status", "whether all is well, and how each job and each tag is");
    auto* const json = command->add_flag("--json", options->json, "as JSON");
    command->add_flag("--watch", options->watch, "show it anew every two seconds, until Ctrl-C")
        ->excludes(json);
    auto* const sending =
        command->add_flag("--sending", options->only_sending, "only what this machine sends");
    command->add_flag("--receiving", options->only_receiving, "only what this machine receives")
        ->excludes(sending);
    return {command, [&shared, options] { return show_status(shared, *options); }};
}

}  // namespace snapferry::commands
