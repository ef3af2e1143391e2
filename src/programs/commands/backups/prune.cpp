#include "snapferry/receive/backups/prune.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "../command.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "snapferry/admin/backup_list.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/retention/simulation.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/place/workplace.h"
#include "snapferry/receive/setup/hooks.h"
#include "snapferry/receive/talk/noted_log.h"
#include "snapferry/sys/logs/console_log.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    bool dry_run = false;
    bool yes = false;
    bool json = false;
    std::string keep;
    unsigned days = 0;
};

RetentionPolicy policy_to_try(RetentionPolicy policy, const std::string& keep) {
    if (keep.empty()) {
        return policy;
    }
    const auto parsed = parse_keep(keep);
    if (const auto* const wrong = std::get_if<std::string>(&parsed)) {
        refuse_usage("--keep: " + *wrong);
    }
    const auto& words = std::get<KeepWords>(parsed);
    policy.keep = words.newest;
    policy.periods = words.periods;
    return policy;
}

ListedTag planned(const receive::Config& config, const Tag& tag, const Options& options) {
    auto view = receive::look_at_tag(config, tag);
    view.policy = policy_to_try(view.policy, options.keep);
    if (options.days == 0) {
        return receive::listed(view);
    }
    return receive::listed(
        view,
        simulate(view.inventory.backups, view.ages.book, view.policy, view.ages.now,
                 std::chrono::floor<std::chrono::seconds>(now()), std::chrono::days(options.days),
                 [](std::chrono::sys_seconds moment) { return sys::local_offset(moment); }));
}

ExitCode show_plan(const Options& options) {
    const auto config = config_of_receiver();
    std::vector<ListedTag> tags;
    for (const auto& tag : tags_meant(config, options.tag)) {
        tags.push_back(planned(config, tag, options));
    }
    if (options.json) {
        print(admin::prune_plan_json(tags));
        return ExitCode::done;
    }
    for (const auto& tag : tags) {
        print(admin::prune_plan_text(tag));
    }
    print(options.days > 0 ? fmt::format("this is what would be there in {} days, with one backup "
                                         "a day\n",
                                         options.days)
                           : "nothing was deleted: this was a dry run\n");
    return ExitCode::done;
}

void require_yes(const Tag& tag, std::size_t count, const Options& options) {
    if (options.yes) {
        return;
    }
    print(fmt::format("Delete {} of {} for ever? [y/N] ",
                      count == 1 ? "this 1 backup" : fmt::format("these {} backups", count),
                      tag.text()));
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") {
        print(answer.empty() ? "\n" : "");
        throw Failure(ExitCode::configuration, "nothing was deleted: nobody said yes",
                      "answer y, or say --yes");
    }
}

void prune_tag(const receive::Config& config, const Tag& tag, const Options& options) {
    sys::ConsoleLog console(sys::Verbosity::normal);
    receive::NotedLog log(tag, console);
    receive::between_hooks(tag, config, log, [&] {
        receive::Workplace place(tag, config, log);
        auto plan = receive::listed(receive::look_at_tag(config, tag), place.plan());
        const auto gone =
            std::count_if(plan.backups.begin(), plan.backups.end(),
                          [](const ListedBackup& listed) { return !listed.decision.keep; });
        if (gone == 0) {
            print(fmt::format("{}: nothing to prune\n", tag.text()));
            return;
        }
        print(admin::prune_plan_text(plan));
        place.require_no_alarm();
        require_yes(tag, static_cast<std::size_t>(gone), options);
        (void)place.prune_as_asked();
    });
}

ExitCode prune(const Options& options) {
    if (options.dry_run) {
        return show_plan(options);
    }
    if (options.days > 0 || !options.keep.empty() || options.json) {
        refuse_usage("--keep, --days and --json go with --dry-run");
    }
    const auto config = config_of_sleeping_receiver();
    if (!options.tag.empty()) {
        prune_tag(config, Tag::parse(options.tag), options);
        return ExitCode::done;
    }
    receive::require_backup_disk(config);
    for (const auto& tag : tags_meant(config, {})) {
        prune_tag(config, tag, options);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_prune(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "prune", "delete what the policy no longer keeps; shows it and asks before");
    command->add_option("TAG", options->tag, "of this tag only");
    command->add_flag("--dry-run", options->dry_run, "show every backup with the reason; no more");
    command->add_flag("--yes", options->yes, "do not ask");
    command->add_option("--keep", options->keep, "with --dry-run: try these words for keep")
        ->type_name("WORDS");
    command
        ->add_option("--days", options->days,
                     "with --dry-run: what would be there in so many days, with one backup a day")
        ->check(CLI::Range(1U, 36525U))
        ->type_name("COUNT");
    command->add_flag("--json", options->json, "with --dry-run: as JSON");
    return {command, [options] { return prune(*options); }};
}

}  // namespace snapferry::commands
