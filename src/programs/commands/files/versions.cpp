#include "snapferry/core/past/versions.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "../command.h"
#include "../place.h"
#include "../surroundings.h"
#include "snapferry/admin/past/past_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/past/path.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/past/backup_tree.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::string path;
    bool json = false;
};

ExitCode show_versions(const Options& options, const Place& place, const Shared& shared) {
    if (const auto code = run_elsewhere(place, shared)) {
        return *code;
    }
    const auto path = past::path_within(options.path);
    const auto view = receive::look_at_tag(config_of(place), Tag::parse(options.tag));
    const auto sightings = receive::sightings_of(view, path);
    const auto versions = past::versions_of(sightings);
    if (versions.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is in none of the {} backups of {}", escape_text(path),
                                  sightings.size(), options.tag),
                      fmt::format("write it from the top of the snapshot; snapferry find {} NAME "
                                  "looks for a part of a name",
                                  options.tag));
    }
    const auto text = options.json ? admin::versions_json : admin::versions_text;
    print(text(options.tag, path, versions, sightings.size()));
    return ExitCode::done;
}

}  // namespace

Command declare_versions(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "versions", "what became of a file: each version that differs, and when it was deleted");
    command->add_option("TAG", options->tag, "in the backups of which tag")->required();
    command->add_option("PATH", options->path, "from the top of the snapshots")->required();
    command->add_flag("--json", options->json, "as JSON, the oldest first");
    const auto place = declare_place(*command);
    return {command, [options, place, &shared] { return show_versions(*options, *place, shared); }};
}

}  // namespace snapferry::commands
