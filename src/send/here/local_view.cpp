#include "snapferry/send/here/local_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::send {
namespace {

/// "@hourly (24), @daily (7)": what a person may have meant, and no more than fits a line.
std::string tags_text(const SnapshotListing& listing) {
    constexpr std::size_t most_named = 10;
    std::map<std::string, std::size_t> counts;
    for (const auto& snapshot : listing.snapshots) {
        ++counts[std::string(tag_in(snapshot.name.text()))];
    }
    counts.erase("");
    if (counts.empty()) {
        return "are snapshots still being made there, and is the directory the right one?";
    }
    std::string text;
    std::size_t named = 0;
    for (const auto& [tag, count] : counts) {
        if (named++ == most_named) {
            return fmt::format("the tags of the snapshots there: {}, and {} more", text,
                               counts.size() - most_named);
        }
        text += fmt::format("{}@{} ({})", text.empty() ? "" : ", ", escape_text(tag), count);
    }
    return "the tags of the snapshots there: " + text;
}

std::string text_of(const PassedOver& one) {
    return fmt::format("{} is newer than what is sent, and is passed over: {}",
                       escape_text(one.name), one.why);
}

}  // namespace

/// What was written into a snapshot just before it became read-only may not be in any transaction
/// yet, and then it would seem to change later. Where the filesystem is read-only, nothing is to
/// come.
void LocalView::settle() const {
    try {
        btrfs::commit_transaction(job_.snapshot_dir, ExitCode::sending);
    } catch (const Failure& failure) {
        log_.debug("{}", failure.what());
    }
}

void LocalView::look() {
    settle();
    auto listing = look_into(job_.snapshot_dir);
    choose(listing);
    local_ = std::move(listing.snapshots);
    unfit_ = std::move(listing.unfit);
    look_for_changes(local_);
    const auto pins = pins_.list();
    local_.insert(local_.end(), pins.begin(), pins.end());
    take_times_of_originals();
    take_those_of_the_job();
}

void LocalView::choose(const SnapshotListing& listing) {
    constexpr std::size_t most_named = 5;
    auto choice = choose_newest_now(listing, job_.source_tag);
    newest_ = std::move(choice.newest);
    passed_over_ = std::move(choice.passed_over);
    for (std::size_t index = 0; index < passed_over_.size() && index < most_named; ++index) {
        warn_once(text_of(passed_over_[index]));
    }
    if (passed_over_.size() > most_named) {
        log_.debug("{} more are passed over", passed_over_.size() - most_named);
    }
    if (!newest_) {
        throw Failure(
            ExitCode::bad_tag,
            fmt::format("no snapshot in {} that can be sent ends in @{}",
                        escape_text(job_.snapshot_dir.native()), escape_text(job_.source_tag)),
            tags_text(listing));
    }
}

/// A copy is younger than what it is of.
void LocalView::take_times_of_originals() {
    for (auto& pin : local_) {
        const auto original = std::find_if(local_.begin(), local_.end(), [&](const auto& one) {
            return pin.pinned && !one.pinned && one.own == pin.origin;
        });
        if (original != local_.end()) {
            pin.taken = original->taken;
        }
    }
}

void LocalView::identify(const std::vector<SentSnapshot>& sent,
                         const std::vector<RemoteSnapshot>& remote) {
    for (const auto& line : snapferry::identify(local_, sent, remote)) {
        warn_once(line);
    }
    take_those_of_the_job();
}

/// And of them the newest, as it is known by now: no look comes between.
void LocalView::take_those_of_the_job() {
    of_job_.clear();
    for (const auto& one : local_) {
        if (one.pinned || one.name.has_tag(job_.source_tag)) {
            of_job_.push_back(one);
        }
        if (!one.pinned && one.name == newest_.value().name) {
            newest_ = one;
        }
    }
}

void LocalView::warn_once(const std::string& line) {
    if (told_.insert(line).second) {
        log_.warning("{}", line);
    }
}

bool LocalView::is_also_tagged(std::string_view source_tag) const {
    return !newest_->origin.is_null() &&
           std::any_of(local_.begin(), local_.end(), [&](const LocalSnapshot& one) {
               return !one.pinned && one.origin == newest_->origin && one.name.has_tag(source_tag);
           });
}

std::set<Uuid> LocalView::uuids() const {
    std::set<Uuid> uuids;
    for (const auto& snapshot : of_job_) {
        if (!snapshot.pinned) {
            uuids.insert(snapshot.uuid);
        }
    }
    return uuids;
}

}  // namespace snapferry::send
