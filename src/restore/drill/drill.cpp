#include "snapferry/restore/drill/drill.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/proof/sample.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/restore/drill/scratch_directory.h"
#include "snapferry/restore/files/restore_here.h"
#include "snapferry/sys/files/open_beneath.h"
#include "snapferry/sys/machine/random_bytes.h"
#include "snapferry/sys/tree/manifest_file.h"

namespace snapferry::restore {
namespace {

using proof::Outcome;

/// By what nobody can foresee: who could would damage the other files.
std::uint64_t random_below(std::uint64_t below) {
    std::uint64_t number = 0;
    sys::fill_at_random(std::as_writable_bytes(std::span(&number, 1)));
    return number % below;
}

std::optional<Backup> newest_with_manifest(const receive::TagView& view) {
    const auto with = receive::copies_with_manifest(view.target.manifests);
    const auto& backups = view.inventory.backups;
    const auto found = std::ranges::find_if(
        backups, [&](const Backup& backup) { return with.contains(backup.copy); });
    return found == backups.end() ? std::nullopt : std::optional(*found);
}

std::vector<manifest::Entry> draw(const std::filesystem::path& manifest, const DrillWish& wish) {
    proof::Sample sample(wish.files, wish.bytes, random_below);
    sys::ManifestFile entries(manifest, ExitCode::receiving);
    while (const auto entry = entries.next()) {
        sample.offer(*entry);
    }
    return sample.drawn();
}

/// Writes down what goes wrong.
class Witness final : public RestoreListener {
  public:
    Witness(proof::Drill& drill, const std::function<void()>& stop)
        : drill_(drill), stop_if_asked_(stop) {}

    void begins(const std::string& /*phase*/, std::uint64_t /*bytes*/) override {}
    void went_on(std::uint64_t /*bytes*/) override {}
    void left_alone(const std::string& path,
                    const std::vector<manifest::Aspect>& aspects) override {
        differs({path, aspects});
    }
    void failed(const std::string& path, const std::string& why) override {
        note(fmt::format("{}: {}", escape_text(path), escape_text(why)));
    }
    void differs(const manifest::Difference& difference) override {
        note(text_of(proof::Differing{difference}));
    }
    void stop_if_asked() override { stop_if_asked_(); }

  private:
    void note(const std::string& line) {
        drill_.outcome = Outcome::differs;
        if (drill_.first.size() < proof::most_shown) {
            drill_.first.push_back(line);
        }
    }

    proof::Drill& drill_;
    const std::function<void()>& stop_if_asked_;
};

/// Those that the backup has; of the others the witness hears.
std::vector<std::string> paths_there(const std::filesystem::path& tree,
                                     const std::vector<manifest::Entry>& drawn, Witness& witness) {
    const sys::UniqueFd top(::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::vector<std::string> paths;
    paths.reserve(drawn.size());
    for (const auto& entry : drawn) {
        if (sys::open_beneath(top.get(), entry.path, O_PATH)) {
            paths.push_back(entry.path);
        } else {
            witness.differs({entry.path, {manifest::Aspect::missing}});
        }
    }
    return paths;
}

/// Judges once all is done: until then nothing is well.
void conclude(const RestoreOutcome& outcome, std::size_t wanted, proof::Drill& drill) {
    if (outcome.compared_with != ComparedWith::manifest) {
        drill.outcome = Outcome::cannot_say;
        drill.first = {"nothing was compared with the manifest: " +
                       escape_text(outcome.no_manifest)};
        return;
    }
    drill.files = outcome.counts.made;
    drill.bytes = outcome.counts.bytes;
    const bool is_whole = outcome.is_complete() && outcome.counts.made == wanted;
    if (drill.outcome == Outcome::cannot_say) {
        drill.outcome = is_whole ? Outcome::well : Outcome::differs;
    }
}

void run(const receive::Config& config, const receive::TagView& view, const Backup& backup,
         const DrillWish& wish, Witness& witness, proof::Drill& drill) {
    const auto drawn = draw(receive::manifest_of(view.target.manifests, backup.copy), wish);
    const auto paths = paths_there(path_of(view, backup), drawn, witness);
    if (paths.empty()) {
        if (drawn.empty()) {
            drill.first = {"it has no file of that size"};
        }
        return;
    }
    const ScratchDirectory scratch(wish.to);
    RestoreWish all;
    all.at = backup.name.text();
    all.selection = Selection(paths);
    all.to = scratch.path();
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    conclude(restore_here(config, view, all, now, witness), paths.size(), drill);
}

}  // namespace

proof::Drill drill(const receive::Config& config, const receive::TagView& view,
                   const DrillWish& wish, const std::function<void()>& stop_if_asked) {
    proof::Drill drill;
    const auto backup = newest_with_manifest(view);
    if (!backup) {
        drill.first = {
            "none of its backups has a manifest; at the NAS, snapshot-send "
            "--manifest-only makes one"};
        return drill;
    }
    drill.backup = backup->name.text();
    Witness witness(drill, stop_if_asked);
    const auto say_nothing = [&](const std::string& why) {
        drill.outcome = Outcome::cannot_say;
        drill.first = {why};
    };
    try {
        run(config, view, *backup, wish, witness, drill);
    } catch (const manifest::Malformed& malformed) {
        say_nothing(malformed.what());
    } catch (const Failure& failure) {
        if (failure.code() == ExitCode::interrupted) {
            throw;
        }
        say_nothing(failure_text(failure));
    } catch (const std::exception& error) {
        say_nothing(escape_text(error.what()));
    }
    return drill;
}

}  // namespace snapferry::restore
