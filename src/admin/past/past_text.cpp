#include "snapferry/admin/past/past_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "file_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::admin {
namespace {

std::string count_text(std::size_t count, const std::string& what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string span_text(const std::string& first, const std::string& last) {
    return first == last ? safe_line(first)
                         : fmt::format("{} to {}", safe_line(first), safe_line(last));
}

std::string line_of(const past::Version& version) {
    const auto what = version.seen ? file_text(*version.seen) : "(not there)";
    return fmt::format("  {:<38}  in {}\n    {}\n", what, count_text(version.backups, "backup"),
                       span_text(version.first, version.last));
}

std::string path_text(const std::string& path) {
    return path.empty() ? "." : escape_text(path, path.size());
}

}  // namespace

std::string versions_text(const std::string& tag, const std::string& path,
                          const std::vector<past::Version>& versions, std::size_t backups) {
    std::size_t there = 0;
    std::size_t count = 0;
    for (const auto& version : versions) {
        there += version.seen ? version.backups : 0;
        count += version.seen ? 1 : 0;
    }
    auto text = fmt::format("{} in {}: {} in {} of {}\n", path_text(path), tag,
                            count_text(count, "version"), there, count_text(backups, "backup"));
    std::for_each(versions.rbegin(), versions.rend(),
                  [&](const past::Version& version) { text += line_of(version); });
    return text;
}

std::string finds_text(const std::vector<past::Find>& finds, std::size_t backups) {
    std::string text;
    for (const auto& find : finds) {
        text += fmt::format("{}\n  {:<38}  in {} of {}\n    {}\n", path_text(find.path),
                            file_text(find.newest), find.backups, count_text(backups, "backup"),
                            span_text(find.first, find.last));
    }
    return text;
}

std::string changes_text(const past::Changes& changes) {
    std::string text;
    for (const auto& path : changes.added) {
        text += fmt::format("added    {}\n", path_text(path));
    }
    for (const auto& path : changes.deleted) {
        text += fmt::format("deleted  {}\n", path_text(path));
    }
    for (const auto& one : changes.changed) {
        text +=
            fmt::format("changed  {} ({})\n", path_text(one.path), manifest::text_of(one.aspects));
    }
    for (const auto& [from, to] : changes.renamed) {
        text += fmt::format("renamed  {} -> {}\n", path_text(from), path_text(to));
    }
    return text + fmt::format("{} added, {} deleted, {} changed, {} renamed\n",
                              changes.added.size(), changes.deleted.size(), changes.changed.size(),
                              changes.renamed.size());
}

}  // namespace snapferry::admin
