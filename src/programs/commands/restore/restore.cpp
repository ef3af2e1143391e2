#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "../backups/backups_here.h"
#include "../command.h"
#include "../surroundings.h"
#include "restore_display.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/restore/files/restore_here.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string tag;
    std::vector<std::string> paths;
    std::string at;
    std::string to;
    std::string overwrite = "never";
    bool dry_run = false;
    bool all = false;
};

restore::RestoreWish wish_of(const Options& options) {
    const auto overwrite = restore::parse_overwrite(options.overwrite);
    if (!overwrite) {
        refuse_usage("--overwrite is never, changed or always");
    }
    if (options.to.empty()) {
        refuse_usage("--to says which directory the files are to come to");
    }
    return {options.at, restore::Selection(options.paths), options.to, *overwrite, options.dry_run};
}

std::string plural(std::uint64_t count, const std::string& one, const std::string& many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string counts_text(const restore::RestoreCounts& counts) {
    auto text = plural(counts.made + counts.replaced, "entry", "entries");
    if (counts.replaced > 0) {
        text += fmt::format(" ({} in the place of others)", counts.replaced);
    }
    text += fmt::format(", {}, {}", plural(counts.directories, "directory", "directories"),
                        byte_text(counts.bytes));
    if (counts.there > 0) {
        text += fmt::format("; {} there already", counts.there);
    }
    if (counts.left > 0) {
        text += fmt::format("; {} left alone", counts.left);
    }
    if (counts.failed > 0) {
        text += fmt::format("; {} failed", counts.failed);
    }
    return text;
}

std::string comparison_text(const restore::RestoreOutcome& outcome) {
    const auto* const with = outcome.compared_with == restore::ComparedWith::manifest
                                 ? "the manifest that came from the NAS"
                                 : "the backup itself (it has no manifest that can be used)";
    const auto entries = plural(outcome.compared, "entry", "entries");
    return outcome.differences == 0
               ? fmt::format("read again and compared with {}: {}, all the same\n", with, entries)
               : fmt::format(
                     "read again and compared with {}: {} of {} are not as they should be\n", with,
                     outcome.differences, entries);
}

void tell(const Options& options, const restore::RestoreOutcome& outcome) {
    print(fmt::format("{}{} of {} ({}) to {}: {}\n", options.dry_run ? "would restore " : "",
                      outcome.backup.backup.name.text(), options.tag,
                      sys::local_time_text(outcome.backup.taken), escape_text(options.to),
                      counts_text(outcome.counts)));
    if (outcome.compared_with != restore::ComparedWith::nothing) {
        print(comparison_text(outcome));
    }
}

[[noreturn]] void fail_incomplete(const restore::RestoreOutcome& outcome) {
    if (outcome.differences > 0 && outcome.left_out > 0) {
        throw Failure(ExitCode::incomplete,
                      fmt::format("not all is as in the backup: {}", outcome.first_left_out),
                      "the filesystem there cannot hold it; what could be kept is there");
    }
    throw Failure(ExitCode::incomplete, "not all was restored",
                  outcome.counts.left > 0
                      ? "see above; --overwrite changed replaces what is there and differs"
                      : "see above; the same command tries again what is missing");
}

ExitCode run(const Options& options) {
    const auto wish = wish_of(options);
    const auto config = config_of_receiver();
    const auto tag = tags_meant(config, options.tag).front();
    const auto view = receive::look_at_tag(config, tag);
    RestoreDisplay display(options.tag, options.all);
    const auto outcome = restore::restore_here(
        config, view, wish, std::chrono::floor<std::chrono::seconds>(now()), display);
    display.end();
    tell(options, outcome);
    if (!outcome.no_manifest.empty()) {
        throw Failure(ExitCode::incomplete,
                      "it could not be compared with what the NAS had: " + outcome.no_manifest,
                      "it is as the backup is; snapferry verify tells more");
    }
    if (!outcome.is_complete() && !options.dry_run) {
        fail_incomplete(outcome);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_restore(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command =
        app.add_subcommand("restore", "get files back from a backup, compared once they are there");
    command->add_option("TAG", options->tag, "of which tag")->required();
    command->add_option("PATH", options->paths,
                        "which files or directories, from the backup's top; without one, all");
    command->add_option("--at", options->at,
                        "which backup: its name, or a time such as 2026-11-20, \"2 days ago\" or "
                        "\"last tuesday\"; the newest where not given");
    command->add_option("--to", options->to, "the directory they come to, with the same paths")
        ->type_name("DIR");
    command
        ->add_option("--overwrite", options->overwrite,
                     "what becomes of files that are there: never (the default: they are left "
                     "alone and named), changed (those that differ are replaced) or always")
        ->type_name("WHICH");
    command->add_flag("--dry-run", options->dry_run, "say what would be done, and do nothing");
    command->add_flag("--all", options->all, "name every file that is left alone or differs");
    return {command, [options] { return run(*options); }};
}

}  // namespace snapferry::commands
