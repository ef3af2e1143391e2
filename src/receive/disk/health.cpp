#include "snapferry/receive/disk/health.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "snapferry/core/failure.h"
#include "snapferry/core/proof/judgement.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/age/ages.h"
#include "snapferry/receive/age/notes.h"
#include "snapferry/receive/backups/arrival_note.h"
#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/receive/disk/backup_disk.h"
#include "snapferry/receive/disk/privacy.h"
#include "snapferry/receive/disk/writable.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/proof/proof_notes.h"
#include "snapferry/receive/setup/access.h"
#include "snapferry/sys/btrfs/devices.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/clock_reading.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::receive {
namespace {

using std::chrono::sys_seconds;

sys_seconds now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// When the file was last written; nothing where it is not there.
std::optional<sys_seconds> time_of(const std::filesystem::path& file) {
    struct stat data {};
    return ::lstat(file.c_str(), &data) == 0
               ? std::optional(sys_seconds(std::chrono::seconds(data.st_mtim.tv_sec)))
               : std::nullopt;
}

class Check {
  public:
    Check(const Config& config, const HealthLimits& limits) : config_(config), limits_(limits) {}

    std::vector<AboutFinding> run() {
        if (const auto absence = look_for_disk()) {
            judge_absence(*absence);
        } else {
            judge_disk();
        }
        is_of_machine_ = true;
        take(check_access());
        return std::move(findings_);
    }

  private:
    std::optional<Failure> look_for_disk() const {
        try {
            require_backup_disk(config_);
            return std::nullopt;
        } catch (const Failure& failure) {
            return failure;
        }
    }

    void judge_absence(const Failure& absence) {
        if (config_.before_receive.empty()) {
            add({CheckState::critical, failure_text(absence)});
            return;
        }
        is_of_machine_ = true;
        add({CheckState::ok,
             fmt::format("{}, until before_receive mounts it: its space, scrubs and "
                         "devices were not looked at",
                         absence.what())});
        is_of_machine_ = false;
        look([&] {
            const auto arrivals = noted_arrivals(arrival_notes);
            std::set<std::string> there;
            for (const auto& [tag, _] : arrivals) {
                there.insert(tag);
            }
            const auto tags = tags_to_check(there);
            if (tags.empty()) {
                add({CheckState::unknown, "it is not known here whether a backup ever arrived"});
            }
            for (const auto& tag : tags) {
                const auto found = arrivals.find(tag.text());
                TagTimes times;
                times.allowed = allowed_age({{}, config_.max_age});
                if (found != arrivals.end()) {
                    times.newest = found->second;
                }
                about_ = tag.text();
                take(judge_tag(tag, times, limits_, now_));
                about_.clear();
            }
        });
    }

    void judge_disk() {
        if (const auto trouble = disk_trouble(config_)) {
            add({CheckState::critical, failure_text(*trouble)});
        }
        look([&] {
            const auto tags = limits_.tags.empty() ? tags_of(config_) : limits_.tags;
            for (const auto& tag : tags) {
                about_ = tag.text();
                look([&] { look_at(tag); });
                about_.clear();
            }
            take(check_privacy(config_, tags));
            judge_emptiness(tags);
        });
        look([&] { look_at_clock(); });
        look([&] {
            const auto space = btrfs::space_of(config_.target_dir);
            add(judge_space(space.free, space.total, config_.reserve));
        });
        look([&] {
            const auto& disk = config_.target_dir;
            take(judge_scrubs(btrfs::last_scrubs(disk), btrfs::made_on(disk), limits_, now_));
        });
        look([&] { take(judge_devices(btrfs::device_errors(config_.target_dir))); });
    }

    /// It may be another disk, or a file system that somebody has made anew.
    void judge_emptiness(const std::vector<Tag>& tags) {
        const bool holds_some = std::any_of(tags.begin(), tags.end(), [&](const Tag& tag) {
            return sys::is_there(target_of(config_, tag).snapshots);
        });
        const auto arrivals = noted_arrivals(arrival_notes);
        if (holds_some || arrivals.empty() || !limits_.tags.empty()) {
            return;
        }
        std::string names;
        for (const auto& [tag, _] : arrivals) {
            names += (names.empty() ? "" : ", ") + tag;
        }
        add({CheckState::critical,
             fmt::format(
                 "there is no backup on the backup disk, though some have arrived here ({}): is "
                 "it the right disk? If those are no more: rm -r {}",
                 names, arrival_notes)});
    }

    /// Those asked for; or else those that are configured, and those that are `there`.
    std::vector<Tag> tags_to_check(std::set<std::string> there) const {
        if (!limits_.tags.empty()) {
            return limits_.tags;
        }
        for (const auto& [tag, _] : config_.tags) {
            there.insert(tag);
        }
        std::vector<Tag> tags;
        std::transform(there.begin(), there.end(), std::back_inserter(tags),
                       [](const std::string& text) { return Tag::parse(text); });
        return tags;
    }

    /// The record is the disk's: any tag leads there. Nothing is said where there is none yet.
    void look_at_clock() {
        std::string why;
        const auto clock = clock_of(config_);
        if (const auto record = read_clock(clock, why)) {
            add(judge_clock(*record, sys::read_clocks()));
        } else if (!why.empty()) {
            add({CheckState::warning,
                 "the record of time is not sound: the next receive begins the "
                 "ages of the backups anew"});
        }
    }

    void look_at(const Tag& tag) {
        const auto view = look_at_tag(config_, tag);
        if (const auto trouble = trouble_with_place(view.target)) {
            add({CheckState::critical, failure_text(*trouble)});
        }
        TagTimes times;
        times.allowed = allowed_age_of(config_, view);
        times.unfinished = time_of(view.target.checkpoint);
        times.had_some = !view.ages.book.present.empty() || !view.ages.book.gone.empty() ||
                         sys::is_there(view.target.arrivals);
        std::string why;
        (void)read_arrivals(view.target.arrivals, why);
        if (!why.empty()) {
            add({CheckState::warning,
                 fmt::format(
                     "{}: when its backups arrived is not known any more ({}): the next receive "
                     "counts them as new",
                     tag.text(), escape_text(why))});
        }
        if (!view.inventory.backups.empty()) {
            const auto& newest = view.inventory.backups.front();
            times.newest = newest.arrived;
            times.counted_age = view.ages.now >= newest.counted_arrival
                                    ? std::optional(std::chrono::floor<std::chrono::seconds>(
                                          view.ages.now - newest.counted_arrival))
                                    : std::nullopt;
        }
        if (!view.is_derived) {  // as old as its periods; what it is derived from is looked at
            take(judge_tag(tag, times, limits_, now_));
        }
        for (const auto& held : listed(view).held) {
            add({CheckState::critical, held});
        }
        look([&] { look_at_proofs(view); });
        for (const auto& foreign : view.inventory.foreign) {
            if (foreign.alarming) {
                add({CheckState::warning, fmt::format("{}: {} is not counted: {}", tag.text(),
                                                      foreign.name, foreign.why)});
            }
        }
    }

    void look_at_proofs(const TagView& view) {
        std::map<Uuid, std::string> names;
        for (const auto& backup : view.inventory.backups) {
            names.emplace(backup.copy, backup.name.text());
        }
        take(proof::judge(view.tag, read_proofs(view.target.verified), names,
                          limits_.max_verify_age, proof_moment(view.target)));
    }

    /// Does one part of the check; that it cannot be done is what it finds then.
    void look(const std::function<void()>& part) {
        try {
            part();
        } catch (const Failure& failure) {
            add({state_after(failure), failure_text(failure)});
        } catch (const std::exception& error) {
            add({state_after(error), escape_text(error.what())});
        }
    }

    /// A disk that cannot be read, or has gone meanwhile, is not merely unknown.
    CheckState state_after(const std::exception& failure) const {
        const auto* const of_file =
            dynamic_cast<const std::filesystem::filesystem_error*>(&failure);
        const bool is_read_error = (of_file != nullptr && of_file->code() == std::errc::io_error) ||
                                   std::string_view(failure.what()).ends_with(sys::error_text(EIO));
        return is_read_error || look_for_disk() || disk_trouble(config_) ? CheckState::critical
                                                                         : CheckState::unknown;
    }

    void take(std::vector<Finding> found) {
        for (auto& one : found) {
            add(std::move(one));
        }
    }

    void add(Finding finding) { findings_.push_back({about_, std::move(finding), is_of_machine_}); }

    const Config& config_;
    const HealthLimits& limits_;
    const sys_seconds now_ = now();
    bool is_of_machine_ = false;
    std::string about_;  ///< which tag is being looked at; empty: none
    std::vector<AboutFinding> findings_;
};

}  // namespace

std::vector<AboutFinding> look_at_health(const Config& config, const HealthLimits& limits) {
    return Check(config, limits).run();
}

std::vector<Finding> check_health(const Config& config, const HealthLimits& limits) {
    std::vector<Finding> findings;
    bool knows_tags = false;
    for (auto& one : look_at_health(config, limits)) {
        knows_tags = knows_tags || !one.about.empty();
        findings.push_back(std::move(one.finding));
    }
    const auto worst = worst_of(findings);
    if (!knows_tags && (worst == CheckState::ok || worst == CheckState::warning)) {
        findings.push_back(
            {CheckState::warning, "no backup has arrived on this disk; does its sender run?"});
    }
    return findings;
}

}  // namespace snapferry::receive
