#include "snapferry/core/setup/sender/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

bool is_own(const std::string& directory) {
    return directory.find("/.snapferry") != std::string::npos;
}

}  // namespace

std::vector<Series> series_of(std::span<const SeenSnapshot> snapshots) {
    std::map<std::pair<std::string, std::string>, Series> found;
    for (const auto& snapshot : snapshots) {
        const std::string tag(tag_in(snapshot.name));
        if (tag.empty() || is_own(snapshot.directory) || !SnapshotName::parse(snapshot.name)) {
            continue;
        }
        auto& series = found[{snapshot.directory, tag}];
        series.directory = snapshot.directory;
        series.source_tag = tag;
        if (series.count == 0 || std::pair(snapshot.made, snapshot.name) >
                                     std::pair(series.newest_made, series.newest)) {
            series.newest = snapshot.name;
            series.newest_made = snapshot.made;
        }
        ++series.count;
    }
    std::vector<Series> all;
    all.reserve(found.size());
    for (auto& [key, series] : found) {
        all.push_back(std::move(series));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Series& a, const Series& b) { return a.count > b.count; });
    return all;
}

std::string series_text(const Series& series) {
    return fmt::format("{}, @{}: {}, the newest is {}", escape_text(series.directory),
                       escape_text(series.source_tag),
                       series.count == 1 ? "1 snapshot" : fmt::format("{} snapshots", series.count),
                       escape_text(series.newest));
}

}  // namespace snapferry::setup
