#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/rotation/rotation.h"
#include "snapferry/sys/logs/console_log.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::vector<std::string> words;  ///< a NAME, or SUBVOLUME SNAPSHOT_DIR TAG KEEP
    bool all = false;
    bool dry_run = false;
    bool yes = false;
    bool quiet = false;
};

constexpr std::size_t words_of_one = 4;

std::filesystem::path absolute(const std::string& text, std::string_view what) {
    if (!text.starts_with('/')) {
        refuse_usage(
            fmt::format("{} has to be an absolute path, and is \"{}\"", what, escape_text(text)));
    }
    return text;
}

send::Rotation rotation_of(const std::vector<std::string>& words) {
    auto keep = parse_keep(words[3]);
    if (const auto* const wrong = std::get_if<std::string>(&keep)) {
        refuse_usage("KEEP: " + *wrong);
    }
    return {words[2], absolute(words[0], "SUBVOLUME"), absolute(words[1], "SNAPSHOT_DIR"),
            send::parse_source_tag(words[2]), std::get<KeepWords>(keep)};
}

std::vector<send::Rotation> configured_ones(const Shared& shared, const Options& options) {
    auto rotations = send::load_config(shared.config).rotations;
    if (options.all) {
        if (rotations.empty()) {
            throw Failure(ExitCode::configuration,
                          fmt::format("{} has no [snapshots.NAME]", escape_text(shared.config)));
        }
        return rotations;
    }
    std::vector<std::string> names;
    names.reserve(rotations.size());
    for (const auto& rotation : rotations) {
        names.push_back(rotation.name);
    }
    const auto& wanted = options.words.front();
    std::erase_if(rotations, [&](const send::Rotation& one) { return one.name != wanted; });
    if (rotations.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} has no [snapshots.{}]", escape_text(shared.config),
                                  escape_text(wanted)),
                      hint_of_words(wanted, names));
    }
    return rotations;
}

std::vector<send::Rotation> chosen_ones(const Shared& shared, const Options& options) {
    if (options.words.size() == words_of_one && !options.all) {
        return {rotation_of(options.words)};
    }
    if (options.words.size() != (options.all ? 0 : 1)) {
        refuse_usage(
            "give SUBVOLUME SNAPSHOT_DIR TAG KEEP, or the NAME of a [snapshots.NAME], or "
            "--all");
    }
    return configured_ones(shared, options);
}

std::optional<Failure> failure_of(const send::Rotation& rotation, const Options& options,
                                  Log& log) {
    try {
        if (options.dry_run) {
            send::say_what_rotate_would_do(rotation, log);
            return std::nullopt;
        }
        return send::rotate(rotation, {options.yes, Severity::info}, log);
    } catch (const Failure& failure) {
        return failure;
    }
}

/// One that fails keeps no other one; the first failure is what the program ends with.
ExitCode rotate(const Shared& shared, const Options& options) {
    sys::require_root("only root may make and delete snapshots");
    sys::ConsoleLog log(options.quiet ? sys::Verbosity::quiet : sys::Verbosity::normal);
    std::optional<Failure> first;
    for (const auto& rotation : chosen_ones(shared, options)) {
        const auto failure = failure_of(rotation, options, log);
        if (failure && first) {
            log.error("{}", failure_text(*failure));
        } else if (failure) {
            first = failure;
        }
    }
    if (first) {
        throw Failure(*first);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_rotate(CLI::App& app, const Shared& shared) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "rotate", "make a read-only snapshot, and delete old ones of the same tag");
    command
        ->add_option("WHAT", options->words,
                     "SUBVOLUME SNAPSHOT_DIR TAG KEEP; or the NAME of a [snapshots.NAME]")
        ->type_name("");
    command->add_flag("--all", options->all, "all that the configuration has");
    command->add_flag("--dry-run", options->dry_run,
                      "show what would be made and deleted, and why");
    command->add_flag("--yes", options->yes, "delete also where that is more than half of them");
    command->add_flag("--quiet", options->quiet, "say nothing but warnings and errors");
    return {command, [&shared, options] { return rotate(shared, *options); }};
}

}  // namespace snapferry::commands
