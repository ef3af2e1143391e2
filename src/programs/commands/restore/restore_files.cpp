#include "restore_files.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "../backups/backups_here.h"
#include "../surroundings.h"
#include "restore_display.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/login/person_login.h"
#include "snapferry/restore/files/restore_here.h"
#include "snapferry/restore/files/take_files.h"
#include "snapferry/sys/machine/local_time.h"

namespace snapferry::commands {
namespace {

restore::RestoreWish wish_of(const RestoreFiles& wanted) {
    const auto overwrite = restore::parse_overwrite(wanted.overwrite);
    if (!overwrite) {
        refuse_usage("--overwrite is never, changed or always");
    }
    if (wanted.to.empty()) {
        refuse_usage("--to says which directory the files are to come to");
    }
    return {wanted.at, restore::Selection(wanted.paths), wanted.to, *overwrite, wanted.dry_run};
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

void tell(const RestoreFiles& wanted, const restore::RestoreOutcome& outcome) {
    print(fmt::format("{}{} of {} ({}) to {}: {}\n", wanted.dry_run ? "would restore " : "",
                      outcome.backup, wanted.tag, sys::local_time_text(outcome.taken),
                      escape_text(wanted.to), counts_text(outcome.counts)));
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

restore::RestoreOutcome restore_from(const std::string& login, const RestoreFiles& wanted,
                                     const restore::RestoreWish& wish) {
    login::PersonLogin person(parse_person_address(login));
    asking::Request request{"files", {wanted.tag, wanted.at}};
    request.words.insert(request.words.end(), wanted.paths.begin(), wanted.paths.end());
    const auto conversation = person.ask(request);
    RestoreDisplay display(wanted.tag, wanted.verbose);  // what is asked for is asked before
    try {
        auto outcome = restore::take_files(conversation->from(), conversation->to(), wish, display);
        display.end();
        (void)conversation->finish();
        return outcome;
    } catch (const Failure& failure) {
        login::throw_what_happened(failure, *conversation, "the files");
    }
}

restore::RestoreOutcome restore_from_here(const RestoreFiles& wanted,
                                          const restore::RestoreWish& wish) {
    const auto config = config_of(*wanted.place);
    const auto tag = tags_meant(config, wanted.tag).front();
    const auto view = receive::look_at_tag(config, tag);
    RestoreDisplay display(wanted.tag, wanted.verbose);
    auto outcome = restore::restore_here(config, view, wish,
                                         std::chrono::floor<std::chrono::seconds>(now()), display);
    display.end();
    return outcome;
}

}  // namespace

ExitCode restore_files(const RestoreFiles& wanted, const Shared& shared) {
    const auto wish = wish_of(wanted);
    const auto login =
        wanted.place->disk.empty() ? login_meant(wanted.place->from, shared) : std::nullopt;
    const auto outcome =
        login ? restore_from(*login, wanted, wish) : restore_from_here(wanted, wish);
    tell(wanted, outcome);
    if (!outcome.no_manifest.empty()) {
        throw Failure(
            ExitCode::incomplete,
            "it could not be compared with what the NAS had: " + escape_text(outcome.no_manifest),
            "it is as the backup is; snapferry verify tells more");
    }
    if (!outcome.is_complete() && !wanted.dry_run) {
        fail_incomplete(outcome);
    }
    return ExitCode::done;
}

}  // namespace snapferry::commands
