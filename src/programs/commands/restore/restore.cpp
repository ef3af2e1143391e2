#include <memory>

#include "../command.h"
#include "restore_all.h"
#include "restore_files.h"

namespace snapferry::commands {

Command declare_restore(CLI::App& app, const Shared& shared) {
    const auto files = std::make_shared<RestoreFiles>();
    auto* const command =
        app.add_subcommand("restore", "get files back from a backup, compared once they are there");
    command->add_option("TAG", files->tag, "of which tag")->required();
    command->add_option("PATH", files->paths,
                        "which files or directories, from the backup's top; without one, all");
    command
        ->add_option("--at", files->at,
                     "which backup: its name, or a time such as 2026-11-20, \"2 days ago\" or "
                     "\"last tuesday\"; the newest where not given")
        ->type_name("WHEN");
    command->add_option("--to", files->to, "the directory they come to, with the same paths")
        ->type_name("DIR");
    command
        ->add_option("--overwrite", files->overwrite,
                     "what becomes of files that are there: never (the default: they are left "
                     "alone and named), changed (those that differ are replaced) or always")
        ->type_name("WHICH");
    command->add_flag("--dry-run", files->dry_run, "say what would be done, and do nothing");
    command->add_flag("--verbose", files->verbose,
                      "name every file that is left alone, fails or differs, not only 20");
    files->place = declare_place(*command);
    const auto all = declare_restore_all(*command);
    return {command, [files, all, &shared] {
                return all->is_meant ? restore_all(*all, *files, shared)
                                     : restore_files(*files, shared);
            }};
}

}  // namespace snapferry::commands
