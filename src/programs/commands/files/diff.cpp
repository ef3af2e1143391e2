#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../place.h"
#include "../surroundings.h"
#include "snapferry/admin/past/past_text.h"
#include "snapferry/core/past/path.h"
#include "snapferry/receive/past/backup_tree.h"
#include "snapferry/receive/past/changes.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::string before;
    std::vector<std::string> rest;  ///< [B] [PATH]
    bool json = false;
};

struct Meant {
    const Backup& before;
    const Backup& after;
    std::string path;
};

bool is_backup(const receive::TagView& view, const std::string& name) {
    return std::ranges::any_of(view.inventory.backups,
                               [&](const Backup& one) { return one.name.text() == name; });
}

/// Where one word is left, it may be either: a backup's name, or a path.
Meant meant_by(const Options& options, const receive::TagView& view) {
    const auto& before = receive::backup_named(view, options.before);
    const auto& newest = view.inventory.backups.front();
    switch (options.rest.size()) {
        case 0:
            return {before, newest, ""};
        case 1:
            return is_backup(view, options.rest[0])
                       ? Meant{before, receive::backup_named(view, options.rest[0]), ""}
                       : Meant{before, newest, options.rest[0]};
        default:
            return {before, receive::backup_named(view, options.rest[0]), options.rest[1]};
    }
}

ExitCode diff(const Options& options, const Place& place, const Shared& shared) {
    if (const auto code = run_elsewhere(place, shared)) {
        return *code;
    }
    const auto view = receive::look_at_tag(config_of(place), Tag::parse(options.tag));
    const auto meant = meant_by(options, view);
    const auto changes =
        receive::changes_between(view, meant.before, meant.after, past::path_within(meant.path));
    print(options.json ? admin::changes_json(options.tag, meant.before.name.text(),
                                             meant.after.name.text(), changes)
                       : admin::changes_text(changes));
    return ExitCode::done;
}

}  // namespace

Command declare_diff(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "diff", "what was added, deleted, changed and renamed from one backup to another");
    command->add_option("TAG", options->tag, "of which tag")->required();
    command->add_option("A", options->before, "the earlier backup, as it is listed")->required();
    command
        ->add_option("B", options->rest,
                     "the later one, if it is not the newest; and a path, to look no further")
        ->expected(0, 2)
        ->type_name("[B] [PATH]");
    command->add_flag("--json", options->json, "as JSON");
    const auto place = declare_place(*command);
    return {command, [options, place, &shared] { return diff(*options, *place, shared); }};
}

}  // namespace snapferry::commands
