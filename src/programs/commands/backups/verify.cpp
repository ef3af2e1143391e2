#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include "../command.h"
#include "../own_codes.h"
#include "../surroundings.h"
#include "backups_here.h"
#include "proof_progress.h"
#include "snapferry/admin/past/proof_json.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/proof/proof_notes.h"
#include "snapferry/receive/proof/verification.h"
#include "snapferry/receive/setup/disk_config.h"
#include "snapferry/sys/processes/sealed_room.h"
#include "snapferry/sys/signals/exit_on_signal.h"

namespace snapferry::commands {
namespace {

using proof::Outcome;
using proof::Part;

constexpr unsigned most_threads = 64;
constexpr std::string_view whose_turn = "next/";

struct Options {
    std::string tag;
    std::string name;
    std::string part;
    std::string disk;      ///< where a backup disk is mounted here; empty for the configured one
    unsigned threads = 0;  ///< 0: as many as there are processors
    bool newest = false;
    bool json = false;
    bool quiet = false;
};

/// Which part is meant; nothing of the tag's notes is needed unless it is the next one.
Part part_meant(const Options& options, const proof::Book& book) {
    if (options.part.empty()) {
        return {};
    }
    const bool is_next = options.part.starts_with(whose_turn);
    const auto part =
        proof::parse_part(is_next ? "1/" + options.part.substr(whose_turn.size()) : options.part);
    if (!part) {
        refuse_usage("--part is like 3/12, or next/12");
    }
    return is_next ? proof::next_part(part->of, book.parts) : *part;
}

proof::Verification remembered(const proof::Result& result, const proof::When& when) {
    proof::Verification verification{when,           result.outcome,     result.part,
                                     result.entries, result.differences, result.took};
    verification.first.reserve(result.first.size() + 1);
    for (const auto& differing : result.first) {
        verification.first.push_back(text_of(differing));
    }
    if (result.outcome == Outcome::cannot_say) {
        verification.first = {result.why};
    }
    return verification;
}

/// All that is asked for, one backup after the other.
class Verifying {
  public:
    Verifying(const Options& options, const receive::Config& config)
        : options_(options), config_(config), progress_(!options.json && !options.quiet) {}

    void verify_tag(const Tag& tag) {
        const auto view = receive::look_at_tag(config_, tag);
        if (look_at_foreign(view) && !options_.name.empty()) {
            return;
        }
        const auto part = part_meant(options_, receive::read_proofs(view.target.verified));
        for (const auto* const backup : backups_meant(view)) {
            verify(view, *backup, part);
        }
    }

    ExitCode finish() {
        if (options_.json) {
            print(admin::proof_results_json(results_));
        } else if (results_.empty()) {
            throw Failure(cannot_say, "there are no backups: nothing can be said",
                          "snapferry list shows what there is");
        }
        return code_of(results_);
    }

  private:
    /// Of the newest ones, that which can be verified: a manifest comes after its backup.
    std::vector<const Backup*> backups_meant(const receive::TagView& view) const {
        const auto& all = view.inventory.backups;
        if (!options_.name.empty()) {
            return {&backup_named(view, options_.name)};
        }
        std::vector<const Backup*> meant;
        meant.reserve(all.size());
        std::ranges::transform(all, std::back_inserter(meant),
                               [](const auto& one) { return &one; });
        if (options_.newest && !all.empty()) {
            const auto with = receive::copies_with_manifest(view.target.manifests);
            const auto first = std::ranges::find_if(
                all, [&](const Backup& backup) { return with.contains(backup.copy); });
            meant = {first == all.end() ? &all.front() : &*first};
        }
        return meant;
    }

    /// What was a backup, and was changed since, is compared with nothing: it is known to be wrong.
    bool look_at_foreign(const receive::TagView& view) {
        bool is_meant = false;
        for (const auto& foreign : view.inventory.foreign) {
            const bool is_named = foreign.name == escape_text(options_.name);
            if (!foreign.alarming || options_.newest || (!options_.name.empty() && !is_named)) {
                continue;
            }
            is_meant = true;
            proof::Result result;
            result.tag = view.tag.text();
            result.name = foreign.name;
            result.why = foreign.why;
            tell(std::move(result));
        }
        return is_meant;
    }

    void verify(const receive::TagView& view, const Backup& backup, const Part& part) {
        const auto shown = fmt::format("{} {}", view.tag.text(), escape_text(backup.name.text()));
        receive::VerifyOrder order;
        order.part = part;
        order.threads = threads();
        order.begins = [&](const auto& size) { progress_.begins(shown, size.bytes); };
        order.when_read = [&](std::size_t bytes) { progress_.note(bytes); };
        order.tell = [&](const proof::Differing& differing) {
            if (!options_.json) {
                progress_.say(fmt::format("{}: {}\n", shown, text_of(differing)));
            }
        };
        auto result = receive::verify(view, backup, order);
        progress_.ends();
        remember(view, backup, result);
        if (result.outcome == Outcome::cannot_say && options_.name.empty() &&
            !receive::is_still_there(view, backup)) {
            return;  // pruned meanwhile: there is nothing to be said of it any more
        }
        tell(std::move(result));
    }

    unsigned threads() const {
        return options_.threads > 0
                   ? options_.threads
                   : std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
    }

    /// The verdict stands, also where it cannot be written down.
    void remember(const receive::TagView& view, const Backup& backup, const proof::Result& result) {
        if (!options_.disk.empty() ||  // on a disk that is only looked at nothing is written
            !receive::manifest_is_there(view.target.manifests, backup.copy) ||
            !receive::is_still_there(view, backup)) {
            return;
        }
        try {
            receive::change_proofs(view, [&](proof::Book& book) {
                note(book, backup.copy, remembered(result, receive::proof_moment(view.target)));
            });
        } catch (const Failure& failure) {
            progress_.complain(
                fmt::format("what came of it is not remembered: {}\n", failure_text(failure)));
        }
    }

    void tell(proof::Result result) {
        if (result.outcome == Outcome::cannot_say) {
            progress_.complain(text_of(result) + "\n");
        } else if (!options_.json && (!options_.quiet || result.outcome != Outcome::well)) {
            progress_.say(text_of(result) + "\n");
        }
        results_.push_back(std::move(result));
    }

    const Options& options_;
    const receive::Config& config_;
    ProofProgress progress_;
    std::vector<proof::Result> results_;
};

ExitCode verify(const Options& options) {
    if (!options.name.empty() && options.newest) {
        refuse_usage("a NAME and --newest are two things");
    }
    (void)part_meant(options, {});
    const auto config =
        options.disk.empty() ? config_of_receiver() : receive::config_of_disk(options.disk);
    const sys::ExitOnSignal signals(
        [] {
            (void)std::fputs("snapferry: interrupted: of what was not named nothing is known\n",
                             stderr);
        },
        cannot_say);
    (void)sys::stay_out_of_the_way(19, sys::IoClass::idle);
    Verifying verifying(options, config);
    for (const auto& tag : tags_meant(config, options.tag)) {
        verifying.verify_tag(tag);
    }
    return verifying.finish();
}

}  // namespace

Command declare_verify(CLI::App& app, const Shared& /*shared*/) {
    const auto options = std::make_shared<Options>();
    auto* const command = app.add_subcommand(
        "verify", "whether the backups on this machine's disk are what the NAS sent");
    command->add_option("TAG", options->tag, "of this tag only");
    command->add_option("NAME", options->name, "this backup only");
    command
        ->add_option("--part", options->part,
                     "read this share of the files only, such as 3/12; next/12 is the one whose "
                     "turn it is")
        ->type_name("N/M");
    command
        ->add_option(
            "--disk", options->disk,
            "on a backup disk that is mounted here, with nothing configured; not remembered")
        ->type_name("DIRECTORY");
    command->add_flag("--newest", options->newest,
                      "of each tag only the newest backup that has a manifest");
    command->add_option("--threads", options->threads, "read so many files at a time")
        ->check(CLI::Range(1U, most_threads));
    command->add_flag("--quiet", options->quiet, "say nothing of what is well");
    command->add_flag("--json", options->json, "as JSON");
    return {command, [options] { return with_own_codes([&] { return verify(*options); }); }};
}

}  // namespace snapferry::commands
