#include <fmt/format.h>

#include <memory>
#include <string>

#include "../command.h"
#include "../surroundings.h"
#include "setup_command.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::string user;
    bool yes = false;
    bool plan = false;
};

ExitCode remove(const Options& options) {
    sys::require_root("the set-up of this machine is root's");
    const auto tag = Tag::parse(options.tag);
    const auto plan = setup::look_at_removal(tag, options.user);
    print(setup::plan_text(plan));
    if (options.plan) {
        return ExitCode::done;
    }
    refuse_blocked(plan);
    if (!has(plan, setup::Step::State::to_do)) {
        print("Nothing is to be changed.\n");
        return ExitCode::done;
    }
    require_agreement("Change this machine so?", options.yes);
    setup::remove(
        tag, plan, [](const setup::Step& step) { print(fmt::format("done: {}\n", step.what)); },
        options.user);
    return ExitCode::done;
}

}  // namespace

Command declare_setup_remove(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = setup_command(app).add_subcommand(
        "remove", "no longer receive a tag: takes key, rule and entry back; its backups stay");
    command->add_option("TAG", options->tag, "which tag")->required();
    command->add_option("--user", options->user, "whom its sender logs in as")->type_name("NAME");
    command->add_flag("--yes", options->yes, "do not ask");
    command->add_flag("--plan", options->plan, "show what would be changed; no more");
    return {command, [options] { return remove(*options); }};
}

}  // namespace snapferry::commands
