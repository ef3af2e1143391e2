#include "snapferry/receive/backups/receiving_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "snapferry/core/text/name_order.h"
#include "snapferry/receive/age/ages.h"
#include "snapferry/receive/backups/alarm_note.h"
#include "snapferry/receive/backups/arrival_note.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/disk/health.h"
#include "snapferry/receive/proof/proof_notes.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/progress_file.h"

namespace snapferry::receive {
namespace {

using std::chrono::seconds;

seconds age_of(const TagView& view, std::chrono::sys_seconds now) {
    const auto& newest = view.inventory.backups.front();
    const auto counted = std::chrono::floor<seconds>(view.ages.now - newest.counted_arrival);
    return std::max({now - newest.arrived, counted, seconds{0}});
}

std::vector<Arrival> arrivals_of(const TagView& view) {
    std::vector<Arrival> arrivals = view.ages.book.gone;
    for (const auto& [copy, arrival] : view.ages.book.present) {
        arrivals.push_back(arrival);
    }
    return arrivals;
}

TagStatus status_of(const Config& config, const TagView& view, std::chrono::sys_seconds now) {
    TagStatus status;
    status.tag = view.tag.text();
    status.is_derived = view.is_derived;
    status.allowed = allowed_age_of(config, view);
    const auto all = listed(view);
    status.kept = all.backups.size();
    auto& new_bytes = status.new_bytes.emplace(0);
    for (const auto& one : all.backups) {
        new_bytes += one.new_bytes.value_or(0);
    }
    if (!view.inventory.backups.empty()) {
        status.newest = view.inventory.backups.front().arrived;
        status.age = age_of(view, now);
    }
    if (const auto proofs = read_proofs(view.target.verified); proofs.last_well) {
        status.verified_ago = proof::age_of(*proofs.last_well, all.now);
    }
    status.has_alarm = read_alarm(view.target.alarm).active.has_value();
    status.is_held = !all.held.empty();
    status.under_way = sys::progress_in(progress_file_of(view.tag), view.target.lock);
    return status;
}

constexpr std::string_view progress_begins = "receive-";
constexpr std::string_view progress_ends = ".progress";

/// Also those whose first backup is only just coming.
std::set<Tag> tags_there(const Config& config) {
    const auto known = tags_of(config);
    std::set<Tag> tags(known.begin(), known.end());
    for (const auto& entry : sys::entries_of(progress_directory, ExitCode::configuration)) {
        std::string_view name = entry.name;
        if (!name.starts_with(progress_begins) || !name.ends_with(progress_ends)) {
            continue;
        }
        name.remove_prefix(progress_begins.size());
        name.remove_suffix(std::min(progress_ends.size(), name.size()));
        const auto tag = Tag::is_tag(name) ? std::optional(Tag::parse(name)) : std::nullopt;
        if (tag && sys::progress_in(progress_file_of(*tag), target_of(config, *tag).lock)) {
            tags.insert(*tag);
        }
    }
    return tags;
}

/// What cannot be looked at is a finding already.
void look_at_tags(const Config& config, std::chrono::sys_seconds now,
                  std::map<std::string, TagStatus>& tags, DiskStatus& disk) {
    for (const auto& tag : tags_there(config)) {
        auto& status = tags[tag.text()];
        status.tag = tag.text();
        try {
            const auto view = look_at_tag(config, tag);
            status = status_of(config, view, now);
            disk.bytes_a_day += view.is_derived ? 0 : bytes_a_day(arrivals_of(view), now);
        } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
        }
    }
}

/// Of a disk that is away the arrivals are known all the same.
void fill_in_arrivals(std::chrono::sys_seconds now, std::map<std::string, TagStatus>& tags) {
    for (const auto& [name, arrived] : noted_arrivals(arrival_notes)) {
        const auto tag = tags.find(name);
        if (tag != tags.end() && !tag->second.newest) {
            tag->second.newest = arrived;
            tag->second.age = std::max(now - arrived, seconds{0});
        }
    }
}

}  // namespace

std::filesystem::path progress_file_of(const Tag& tag) {
    return std::filesystem::path(progress_directory) /
           fmt::format("{}{}{}", progress_begins, tag.text(), progress_ends);
}

ReceivingStatus look_at_receiving(const Config& config, const HealthLimits& limits) {
    const auto now = std::chrono::floor<seconds>(std::chrono::system_clock::now());
    ReceivingStatus status;
    std::map<std::string, TagStatus> tags;
    auto health = look_at_health(config, limits);  // first: it has an automount mounted
    try {
        require_backup_disk(config);
        const auto space = btrfs::space_of(config.target_dir);
        status.disk = DiskStatus{space.free, space.total, config.reserve.bytes_of(space.total)};
        look_at_tags(config, now, tags, *status.disk);
    } catch (const std::exception&) {
        status.disk.reset();
    }
    for (auto& one : health) {
        if (one.about.empty()) {
            status.findings.push_back(std::move(one.finding));
        } else {
            auto& tag = tags[one.about];
            tag.tag = one.about;
            tag.findings.push_back(std::move(one.finding));
        }
    }
    if (!status.disk) {
        fill_in_arrivals(now, tags);
    }
    for (auto& [name, tag] : tags) {
        status.tags.push_back(std::move(tag));
    }
    std::ranges::sort(status.tags, is_listed_before, &TagStatus::tag);
    return status;
}

}  // namespace snapferry::receive
