#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "restore_all.h"

namespace snapferry::commands {

Command declare_restore(CLI::App& app, const Shared& shared) {
    const auto wanted = std::make_shared<RestoreAll>();
    const auto all = std::make_shared<bool>(false);
    auto* const command = app.add_subcommand("restore", "bring back what was backed up");
    command->add_option("TAG", wanted->tag, "whose backup")->required();
    command->add_flag("--all", *all,
                      "the whole backup, as a snapshot that the next one goes on from");
    command->add_option("--from", wanted->from, "the machine that has the backups")
        ->type_name("USER@HOST");
    command->add_option("--at", wanted->at, "which backup (default: the newest)")
        ->type_name("NAME");
    command->add_option("--into", wanted->into, "with --all: the directory of the snapshots")
        ->type_name("DIR");
    command->add_option("--as", wanted->as, "with --all: where a writable copy is made")
        ->type_name("DIR");
    return {command, [&shared, wanted, all] {
                if (!*all) {
                    refuse_usage("restore needs --all");
                }
                return restore_all(*wanted, shared);
            }};
}

}  // namespace snapferry::commands
