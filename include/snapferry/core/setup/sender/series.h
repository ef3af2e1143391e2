#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// The snapshots of this machine, as they could be sent: one below the other in a directory, with
/// one tag at the end of their names.
namespace snapferry::setup {

/// A read-only subvolume.
struct SeenSnapshot {
    std::string directory;
    std::string name;
    std::chrono::sys_seconds made;
};

struct Series {
    std::string directory;
    std::string source_tag;
    std::size_t count = 0;
    std::string newest;
    std::chrono::sys_seconds newest_made;

    bool operator==(const Series&) const = default;
};

/// Those with a tag that can be sent, the one with the most snapshots first. What is snapferry's
/// own, or lies below a received one, is none.
std::vector<Series> series_of(std::span<const SeenSnapshot> snapshots);

/// "/data/.snapshots, @daily: 14 snapshots, the newest is 2026-11-26T07:00:01+00:00-@daily"
std::string series_text(const Series& series);

}  // namespace snapferry::setup
