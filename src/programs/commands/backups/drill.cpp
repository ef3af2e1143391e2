#include "snapferry/restore/drill/drill.h"

#include <fmt/format.h>

#include <memory>

#include "../command.h"
#include "../own_codes.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/proof/proof_notes.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/signals/ending_signals.h"

namespace snapferry::commands {
namespace {

using proof::Outcome;

struct Options {
    std::string tag;
    std::size_t files = restore::DrillWish{}.files;
    std::string bytes = "256MiB";
    std::string to = "/var/tmp";
};

restore::DrillWish wish_of(const Options& options) {
    const auto bytes = parse_bytes(options.bytes);
    if (!bytes || *bytes == 0) {
        refuse_usage("--bytes is a size such as 256MiB or 2GiB");
    }
    return {options.files, *bytes, options.to};
}

void complain(const std::string& line) {
    (void)std::fputs(("snapferry: " + line + "\n").c_str(), stderr);
}

void tell(const Tag& tag, const proof::Drill& drill) {
    const auto backup = drill.backup.empty()
                            ? tag.text()
                            : fmt::format("{} {}", tag.text(), escape_text(drill.backup));
    if (drill.outcome == Outcome::well) {
        print(fmt::format("{}: well: {} got back, {}, as the NAS sent them\n", backup,
                          drill.files == 1 ? "1 file" : fmt::format("{} files", drill.files),
                          byte_text(drill.bytes)));
        return;
    }
    if (drill.outcome == Outcome::cannot_say) {
        complain(fmt::format("{}: cannot say: {}", backup,
                             drill.first.empty() ? "nothing was compared" : drill.first.front()));
        return;
    }
    for (const auto& line : drill.first) {
        print(fmt::format("{}: {}\n", backup, line));
    }
    print(fmt::format("{}: DIFFERS: what was got back is not what was sent\n", backup));
}

/// The verdict stands, also where it cannot be written down.
void remember(const receive::TagView& view, const proof::Drill& drill) {
    try {
        receive::change_proofs(view, [&](proof::Book& book) { book.drill = drill; });
    } catch (const Failure& failure) {
        complain("what came of it is not remembered: " + failure_text(failure));
    }
}

ExitCode drill(const Options& options) {
    const auto wish = wish_of(options);
    const auto config = config_of_receiver();
    const auto signals = sys::take_over_ending_signals();
    const auto stop_if_asked = [&] {
        if (sys::wait_readable(signals.get(), std::chrono::milliseconds(0))) {
            throw Failure(ExitCode::interrupted, "stopped: of the rest nothing is known");
        }
    };
    std::vector<proof::Result> results;
    for (const auto& tag : tags_meant(config, options.tag)) {
        const auto view = receive::look_at_tag(config, tag);
        auto made = restore::drill(config, view, wish, stop_if_asked);
        made.when = receive::proof_moment(view.target);
        remember(view, made);
        tell(tag, made);
        results.emplace_back().outcome = made.outcome;
    }
    return code_of(results);
}

}  // namespace

Command declare_drill(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "drill", "get some files back, drawn at random, to see that it can be done");
    command->add_option("TAG", options->tag, "of this tag only");
    command->add_option("--files", options->files, "at most so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--bytes", options->bytes, "at most so much, together")
        ->capture_default_str()
        ->type_name("SIZE");
    command->add_option("--to", options->to, "where they come to, and are removed again")
        ->capture_default_str()
        ->type_name("DIR");
    return {command, [options] { return with_own_codes([&] { return drill(*options); }); }};
}

}  // namespace snapferry::commands
