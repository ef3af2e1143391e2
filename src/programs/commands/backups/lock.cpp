#include "snapferry/receive/backups/locks.h"

#include <fmt/format.h>

#include <memory>

#include "../command.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "snapferry/core/failure.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::string name;
};

void tell(const Tag& tag, const std::string& what) {
    note_in_journal(tag, what);
    print(what + "\n");
}

/// A run that prunes looks for a lock before each deletion; so if the backup is there after the
/// lock is, it stays.
ExitCode lock(const Options& options) {
    const auto config = config_of_receiver();
    const auto tag = Tag::parse(options.tag);
    const auto view = receive::look_at_tag(config, tag);
    const auto& backup = receive::backup_named(view, options.name);
    receive::lock(view.target.locks, backup);
    const auto after = receive::look_at_tag(config, tag);
    if (receive::backup_named(after, options.name).copy != backup.copy) {
        throw Failure(ExitCode::busy, "another copy has taken the name meanwhile",
                      "try again: lock the one that is meant");
    }
    tell(tag, fmt::format("{} of {} is locked: it is never pruned until it is unlocked",
                          backup.name.text(), tag.text()));
    return ExitCode::done;
}

ExitCode unlock(const Options& options) {
    const auto config = config_of_receiver();
    const auto tag = Tag::parse(options.tag);
    const auto view = receive::look_at_tag(config, tag);
    const auto& backup = receive::backup_named(view, options.name);
    receive::unlock(view.target.locks, backup);
    tell(tag, fmt::format("{} of {} is {}: it goes when nothing else keeps it", backup.name.text(),
                          tag.text(), backup.locked ? "unlocked" : "not locked"));
    return ExitCode::done;
}

Command declare(CLI::App& app, const std::string& name, const std::string& what,
                ExitCode (*run)(const Options&)) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(name, what);
    command->add_option("TAG", options->tag, "of which tag")->required();
    command->add_option("NAME", options->name, "which backup, as it is listed")->required();
    return {command, [options, run] { return run(*options); }};
}

}  // namespace

Command declare_lock(CLI::App& app, const Shared& /*shared*/) {
    return declare(app, "lock", "let a backup stay, whatever the policy says", lock);
}

Command declare_unlock(CLI::App& app, const Shared& /*shared*/) {
    return declare(app, "unlock", "give a backup back to the policy", unlock);
}

}  // namespace snapferry::commands
