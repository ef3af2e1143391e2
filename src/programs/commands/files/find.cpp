#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../place.h"
#include "../surroundings.h"
#include "snapferry/admin/past/past_text.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/past/backup_tree.h"
#include "snapferry/receive/past/search.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::string pattern;
    std::string in;
    bool ignore_case = false;
    bool json = false;
};

std::vector<Backup> backups_meant(const receive::TagView& view, const std::string& named) {
    return named.empty() ? receive::backups_oldest_first(view)
                         : std::vector{receive::backup_named(view, named)};
}

ExitCode find(const Options& options, const Place& place, const Shared& shared) {
    if (const auto code = run_elsewhere(place, shared)) {
        return *code;
    }
    const receive::Pattern pattern(options.pattern, options.ignore_case);
    const auto view = receive::look_at_tag(config_of(place), Tag::parse(options.tag));
    const auto backups = backups_meant(view, options.in);
    const auto finds = receive::search(view, backups, pattern).all();
    if (options.json) {
        print(admin::finds_json(options.tag, finds, backups.size()));
        return ExitCode::done;
    }
    if (finds.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("nothing in {} of {} matches \"{}\"",
                                  backups.size() == 1 ? std::string("1 backup")
                                                      : fmt::format("{} backups", backups.size()),
                                  options.tag, escape_text(options.pattern)),
                      "a part of the name is enough; --ignore-case takes small and capital letters "
                      "for the same");
    }
    print(admin::finds_text(finds, backups.size()));
    return ExitCode::done;
}

}  // namespace

Command declare_find(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "find", "look for files by a part of their name, or a pattern, in all backups of a tag");
    command->add_option("TAG", options->tag, "in the backups of which tag")->required();
    command
        ->add_option("PATTERN", options->pattern,
                     "a part of the name, or a pattern such as '*.jpg'; with a slash, of the path")
        ->required();
    command->add_option("--in", options->in, "in this backup only")->type_name("NAME");
    command->add_flag("--ignore-case", options->ignore_case,
                      "take small and capital letters for the same");
    command->add_flag("--json", options->json, "as JSON");
    const auto place = declare_place(*command);
    return {command, [options, place, &shared] { return find(*options, *place, shared); }};
}

}  // namespace snapferry::commands
