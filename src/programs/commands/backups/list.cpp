#include <memory>
#include <optional>

#include "../command.h"
#include "../place.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "snapferry/admin/backup_list.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    bool all = false;
    bool json = false;
};

ExitCode list(const Options& options, const Place& place, const Shared& shared) {
    if (const auto code = run_elsewhere(place, shared)) {
        return *code;
    }
    constexpr std::size_t shown = 20;  // backups of a tag that a person looks at
    const auto config = config_of(place);
    std::vector<ListedTag> tags;
    for (const auto& tag : tags_meant(config, options.tag)) {
        const auto view = receive::look_at_tag(config, tag);
        tags.push_back(place.disk.empty() ? receive::listed(view)
                                          : receive::listed_without_policy(view));
    }
    const auto disk = receive::look_at_disk(config);
    const auto limit = options.all ? std::nullopt : std::optional(shown);
    print(options.json ? admin::backup_list_json(tags, disk)
                       : admin::backup_list_text(tags, disk, limit));
    return ExitCode::done;
}

}  // namespace

Command declare_list(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "list", "the backups on this machine's disk, why each is kept, and what lets it go");
    command->add_option("TAG", options->tag, "of this tag only");
    command->add_flag("--all", options->all, "every backup, not only the newest 20 of a tag");
    command->add_flag("--json", options->json, "as JSON, with every backup");
    const auto place = declare_place(*command);
    return {command, [options, place, &shared] { return list(*options, *place, shared); }};
}

}  // namespace snapferry::commands
