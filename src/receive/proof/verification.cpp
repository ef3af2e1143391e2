#include "snapferry/receive/proof/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/comparison.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/tree/entries_ahead.h"
#include "snapferry/sys/tree/manifest_file.h"

namespace snapferry::receive {
namespace {

using proof::Differing;
using proof::Outcome;
using std::chrono::steady_clock;

constexpr auto code = ExitCode::receiving;

/// Groups are numbered in the order of their first names: a number that is not larger was counted.
ManifestSize measure(const std::filesystem::path& file, const proof::Part& part) {
    sys::ManifestFile manifest(file, code);
    ManifestSize size;
    std::uint64_t last_group = 0;
    while (const auto entry = manifest.next()) {
        ++size.entries;
        const bool is_new = !entry->group || *entry->group > last_group;
        last_group = std::max(last_group, entry->group.value_or(0));
        if (entry->size && is_new && proof::holds(part, entry->path)) {
            size.bytes += *entry->size;
        }
    }
    return size;
}

/// Compares the tree with the manifest, both an entry at a time.
class Run {
  public:
    Run(const VerifyOrder& order, proof::Result& result)
        : order_(order),
          result_(result),
          comparison_([this](const manifest::Difference& difference) { note(difference); }) {}

    void compare(const std::filesystem::path& file, const std::filesystem::path& tree) {
        sys::ManifestFile expected(file, code);
        sys::EntriesAhead found(tree, code, reading());
        comparison_.run([&] { return of_part(expected.next()); }, [&] { return found.next(); });
        result_.entries = comparison_.compared();
        result_.differences = comparison_.differences();
        result_.bytes = bytes_;
        result_.outcome = result_.differences == 0 ? Outcome::well : Outcome::differs;
    }

  private:
    sys::ReadingPlan reading() {
        sys::ReadingPlan plan;
        plan.threads = order_.threads;
        plan.wants = [this](const std::string& path) { return holds(order_.part, path); };
        plan.when_read = [this](std::size_t bytes) {
            bytes_ += bytes;
            if (order_.when_read) {
                order_.when_read(bytes);
            }
        };
        plan.when_unreadable = [this](const std::string& path, const std::string& why) {
            unreadable_.emplace(path, why);
        };
        return plan;
    }

    /// What is not read is not compared.
    std::optional<manifest::Entry> of_part(std::optional<manifest::Entry> entry) const {
        if (entry && !holds(order_.part, entry->path)) {
            entry->contents.reset();
        }
        return entry;
    }

    /// Nobody knows whether what cannot be read is other contents.
    void note(const manifest::Difference& difference) {
        Differing differing{difference};
        if (const auto found = unreadable_.find(difference.path); found != unreadable_.end()) {
            std::ranges::replace(differing.difference.aspects, manifest::Aspect::contents,
                                 manifest::Aspect::unreadable);
            differing.why = std::move(found->second);
            unreadable_.erase(found);
        }
        if (result_.first.size() < proof::most_shown) {
            order_.tell(differing);
            result_.first.push_back(std::move(differing));
        }
    }

    const VerifyOrder& order_;
    proof::Result& result_;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::map<std::string, std::string> unreadable_;  ///< path: why; until it is compared
    manifest::Comparison comparison_;
};

void say_nothing(proof::Result& result, const std::string& why) {
    result.outcome = Outcome::cannot_say;
    result.why = why;
}

/// Where the backup was pruned or changed under the reading, what was found means nothing.
void require_still_there(const TagView& view, const Backup& backup, proof::Result& result) {
    if (!is_still_there(view, backup)) {
        say_nothing(result, "it was deleted or changed while it was verified");
        result.first.clear();
    }
}

void compare(const TagView& view, const Backup& backup, const VerifyOrder& order,
             proof::Result& result) {
    const auto file = manifest_of(view.target.manifests, backup.copy);
    if (!manifest_is_there(view.target.manifests, backup.copy)) {
        say_nothing(result,
                    "it has no manifest; at the NAS, snapshot-send --manifest-only makes "
                    "one while its snapshot is still there");
        return;
    }
    if (sys::kind_of(file) != sys::EntryKind::file) {
        say_nothing(result, escape_text(file.native()) + " is no file");
        return;
    }
    try {
        order.begins(measure(file, order.part));
        Run(order, result).compare(file, path_of(view, backup));
    } catch (const manifest::Malformed& malformed) {
        say_nothing(result,
                    fmt::format("{}; it was whole when it came: is the disk well? Once {} is "
                                "deleted, snapshot-send --manifest-only at the NAS makes it again",
                                malformed.what(), escape_text(file.native())));
    } catch (const Failure& failure) {
        say_nothing(result, failure_text(failure));
    } catch (const std::exception& error) {
        say_nothing(result, escape_text(error.what()));
    }
    require_still_there(view, backup, result);
}

}  // namespace

bool is_still_there(const TagView& view, const Backup& backup) {
    try {
        const auto info = btrfs::subvolume_info(path_of(view, backup), code);
        return info && info->uuid == backup.copy && info->read_only;
    } catch (const Failure&) {
        return false;
    }
}

proof::Result verify(const TagView& view, const Backup& backup, const VerifyOrder& order) {
    proof::Result result;
    result.tag = view.tag.text();
    result.name = backup.name.text();
    result.copy = backup.copy.text();
    result.part = order.part;
    const auto begin = steady_clock::now();
    compare(view, backup, order, result);
    result.took = std::chrono::floor<std::chrono::seconds>(steady_clock::now() - begin);
    return result;
}

}  // namespace snapferry::receive
