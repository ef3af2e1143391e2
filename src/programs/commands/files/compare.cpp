#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string directory;
    std::string manifest;
    bool all = false;
};

constexpr std::uint64_t most_shown = 20;  // differences that a person looks at

constexpr auto same = ExitCode{0};
constexpr auto differs = ExitCode{1};
constexpr auto cannot_say = ExitCode{2};  // what a directory that is missing ends with, too

std::string line_of(const manifest::Difference& difference) {
    std::string aspects;
    for (const auto aspect : difference.aspects) {
        aspects += fmt::format("{}{}", aspects.empty() ? "" : ", ", manifest::name_of(aspect));
    }
    const auto path = difference.path.empty() ? "." : escape_text(difference.path);
    return fmt::format("{}: {}\n", path, aspects);
}

std::string verdict(const manifest::Comparison& comparison) {
    return comparison.differences() == 0
               ? fmt::format("the same: {} entries\n", comparison.compared())
               : fmt::format("{} of the entries differ\n", comparison.differences());
}

ExitCode compare(const Options& options) {
    manifest::Comparison comparison([&](const manifest::Difference& difference) {
        if (options.all || comparison.differences() <= most_shown) {
            print(line_of(difference));
        }
    });
    sys::ManifestFile expected(options.manifest, cannot_say);
    sys::TreeEntries found(options.directory, cannot_say);
    try {
        comparison.run([&] { return expected.next(); }, [&] { return found.next(); });
    } catch (const manifest::Malformed& malformed) {
        throw Failure(cannot_say, malformed.what(), "is it whole, and the manifest of a snapshot?");
    }
    print(verdict(comparison));
    return comparison.differences() == 0 ? same : differs;
}

}  // namespace

Command declare_compare(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "compare", "whether a directory holds what a manifest says, and what differs");
    command->add_option("DIRECTORY", options->directory, "a backup, or any other directory")
        ->required();
    command->add_option("MANIFEST", options->manifest, "a file that snapferry manifest has made")
        ->required();
    command->add_flag("--all", options->all, "every difference, not only the first 20");
    return {command, [options] { return compare(*options); }};
}

}  // namespace snapferry::commands
