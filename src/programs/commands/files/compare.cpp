#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../own_codes.h"
#include "../surroundings.h"
#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/proof/result.h"
#include "snapferry/sys/tree/manifest_file.h"
#include "snapferry/sys/tree/tree_entries.h"

namespace snapferry::commands {
namespace {

struct Options {
    std::string directory;
    std::string manifest;
    bool all = false;
};

std::string verdict(const manifest::Comparison& comparison) {
    return comparison.differences() == 0
               ? fmt::format("the same: {} entries\n", comparison.compared())
               : fmt::format("{} of the entries differ\n", comparison.differences());
}

ExitCode compare(const Options& options) {
    manifest::Comparison comparison([&](const manifest::Difference& difference) {
        if (options.all || comparison.differences() <= proof::most_shown) {
            print(text_of(proof::Differing{difference}) + "\n");
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
