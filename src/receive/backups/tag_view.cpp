#include "snapferry/receive/backups/tag_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/retention/keep_words.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/name_order.h"
#include "snapferry/receive/backups/locks.h"
#include "snapferry/receive/backups/manifests.h"
#include "snapferry/receive/backups/prune.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/proof/proof_notes.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"

namespace snapferry::receive {
namespace {

std::string policy_text(const RetentionPolicy& policy) {
    return fmt::format("keep {}, min_age {}", keep_text(policy), duration_text(policy.min_age));
}

bool holds_something(const Config& config, const sys::DirectoryEntry& entry) {
    return sys::kind_of(target_of(config, Tag::parse(entry.name)).checkpoint) ||
           !take_inventory(entry.path, true).backups.empty();
}

/// Of which something has arrived on this disk, whatever has become of it.
std::set<Tag> tags_that_came(const Config& config) {
    constexpr std::string_view ends = ".arrivals";
    std::set<Tag> tags;
    for (const auto& entry :
         sys::entries_of(config.target_dir / ".snapferry", ExitCode::directory_missing)) {
        std::string_view name = entry.name;
        if (name.ends_with(ends)) {
            name.remove_suffix(ends.size());
            if (Tag::is_tag(name)) {
                tags.insert(Tag::parse(name));
            }
        }
    }
    return tags;
}

}  // namespace

TagView look_at_tag(const Config& config, const Tag& tag) {
    TagView view{tag, target_of(config, tag), {}, {}, config.policy_of(tag)};
    require_on_the_disk(config, view.target);
    view.inventory = take_inventory(view.target.snapshots, config.trust_changed_snapshots);
    view.ages = read_ages(view.target, view.inventory).value_or(KnownAges{});
    mark_locked(view.inventory, view.target.locks);
    const auto& present = view.ages.book.present;
    view.is_derived = config.origin_of(tag).has_value() ||
                      std::any_of(present.begin(), present.end(),
                                  [](const auto& one) { return one.second.origin.has_value(); });
    return view;
}

AllowedAge allowed_age_of(const Config& config, const TagView& view) {
    AgeEvidence evidence;
    evidence.configured = config.max_age;
    for (const auto& [copy, arrival] : view.ages.book.present) {
        evidence.arrived.push_back(arrival.when.at);
    }
    for (const auto& arrival : view.ages.book.gone) {
        evidence.arrived.push_back(arrival.when.at);
    }
    return allowed_age(evidence);
}

ListedTag listed(const TagView& view) {
    return listed(view, plan_retention(view.inventory.backups, view.policy, view.ages.now));
}

ListedTag listed(const TagView& view, std::vector<RetentionDecision> decisions) {
    ListedTag listed{view.tag.text(), policy_text(view.policy)};
    if (view.is_derived) {
        listed.policy = "derived; " + listed.policy;
    }
    const auto held = why_nothing_is_pruned(
        {view.tag, view.target, view.inventory, view.policy, view.ages.now}, decisions);
    if (!held.empty()) {
        listed.held.push_back(held);
    }
    const auto with_manifest = copies_with_manifest(view.target.manifests);
    const auto proofs = read_proofs(view.target.verified);
    listed.drill = proofs.drill;
    listed.now = proof_moment(view.target);
    for (auto& decision : decisions) {
        const auto copy = decision.backup.copy;
        const auto proof = proofs.copies.find(copy);
        const auto found = view.ages.book.present.find(decision.backup.copy);
        const auto arrived = decision.backup.arrived;
        listed.backups.push_back(
            {std::move(decision), arrived,
             found == view.ages.book.present.end() ? std::nullopt : found->second.bytes,
             with_manifest.contains(copy),
             proof == proofs.copies.end() ? proof::CopyProof{} : proof->second});
    }
    return listed;
}

ListedTag listed_without_policy(const TagView& view) {
    std::vector<RetentionDecision> decisions;
    decisions.reserve(view.inventory.backups.size());
    for (const auto& backup : view.inventory.backups) {
        decisions.push_back({backup, true, "", ""});
    }
    auto tag = listed(view, std::move(decisions));
    tag.policy = "the policy is not known here";
    return tag;
}

ListedDisk look_at_disk(const Config& config) {
    const auto space = btrfs::space_of(config.target_dir);
    ListedDisk disk{space.free, space.total};
    for (const auto& scrub : btrfs::last_scrubs(config.target_dir)) {
        if (scrub.finished) {
            disk.scrubbed = std::max(disk.scrubbed.value_or(scrub.begun), scrub.begun);
        }
    }
    return disk;
}

const Backup& backup_named(const TagView& view, const std::string& name) {
    const auto& backups = view.inventory.backups;
    const auto found = std::find_if(backups.begin(), backups.end(),
                                    [&](const Backup& one) { return one.name.text() == name; });
    if (found == backups.end()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} has no backup {}", view.tag.text(), escape_text(name)),
                      fmt::format("snapferry list {} --all shows what there is", view.tag.text()));
    }
    return *found;
}

std::filesystem::path path_of(const TagView& view, const Backup& backup) {
    return view.target.snapshots / backup.name.text();
}

std::vector<Tag> tags_of(const Config& config) {
    auto tags = tags_that_came(config);
    for (const auto& [tag, _] : config.tags) {
        tags.insert(Tag::parse(tag));
    }
    for (const auto& entry : sys::entries_of(config.target_dir, ExitCode::directory_missing)) {
        if (Tag::is_tag(entry.name) && entry.kind == sys::EntryKind::directory &&
            holds_something(config, entry)) {
            tags.insert(Tag::parse(entry.name));
        }
    }
    std::vector<Tag> listed(tags.begin(), tags.end());
    std::ranges::sort(listed, is_listed_before, &Tag::text);
    return listed;
}

}  // namespace snapferry::receive
