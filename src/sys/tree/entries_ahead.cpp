#include "snapferry/sys/tree/entries_ahead.h"

#include <utility>

#include "snapferry/core/failure.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t most_ahead = 16384;  // entries; a few MiB

}  // namespace

EntriesAhead::EntriesAhead(const std::filesystem::path& top, ExitCode code, ReadingPlan plan)
    : code_(code),
      plan_(std::move(plan)),
      walk_(top, code),
      crew_(plan_.threads, code, plan_.when_read) {}

std::optional<manifest::Entry> EntriesAhead::next() {
    while (!first_is_whole() && !ended_ && ahead_.size() < most_ahead) {
        go_on();
    }
    if (ahead_.empty()) {
        return std::nullopt;
    }
    auto [entry, order] = std::move(ahead_.front());
    ahead_.pop_front();
    if (order) {
        const auto contents = crew_.await(*order);
        if (const auto* const digest = std::get_if<manifest::Digest>(&contents)) {
            entry.contents = *digest;
        } else {
            plan_.when_unreadable(entry.path, std::get<std::string>(contents));
        }
    }
    return std::move(entry);
}

bool EntriesAhead::first_is_whole() const {
    return !ahead_.empty() && (!ahead_.front().order || crew_.is_done(*ahead_.front().order));
}

/// One entry further, once there is room for a file, or the first that was asked for is there.
void EntriesAhead::go_on() {
    if (!crew_.has_room()) {
        if (!ahead_.empty() && ahead_.front().order) {
            crew_.await_done_or_room(*ahead_.front().order);
        }
        return;
    }
    if (auto found = walk_.next()) {
        take(std::move(*found));
    } else {
        ended_ = true;
    }
}

void EntriesAhead::take(Found found) {
    found.entry.xattrs = attributes_of(walk_, found, code_);
    Order order;
    if (found.links > 1) {
        const auto [place, is_new] = groups_.try_emplace(found.inode);
        auto& group = place->second;
        if (is_new) {
            group = {++last_group_, {}, found.links};
        }
        found.entry.group = group.number;
        if (!group.order) {
            group.order = order_for(found);
        }
        order = plan_.wants(found.entry.path) ? group.order : nullptr;
        if (--group.names_to_come == 0) {
            groups_.erase(place);
        }
    } else {
        order = order_for(found);
    }
    ahead_.push_back({std::move(found.entry), std::move(order)});
}

EntriesAhead::Order EntriesAhead::order_for(const Found& found) {
    const auto& entry = found.entry;
    if (entry.kind != manifest::Kind::file || !plan_.wants(entry.path)) {
        return {};
    }
    const auto shown = walk_.shown(entry.path);
    try {
        return crew_.read(open_contents(walk_, found, code_), shown);
    } catch (const Failure& failure) {
        ReadingCrew::Order done;
        done.contents = ReadContents(std::string(failure.what()));
        return std::make_shared<ReadingCrew::Order>(std::move(done));
    }
}

}  // namespace snapferry::sys
