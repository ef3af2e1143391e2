#include "snapferry/core/restore/selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/line.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/split.h"

namespace snapferry::restore {
namespace {

/// Without what means nothing: "/" at its ends and twice, "." on the way.
std::string plain(const std::string& text) {
    std::string path;
    for (const auto name : split(text, '/')) {
        if (!name.empty() && name != ".") {
            path += path.empty() ? "" : "/";
            path += name;
        }
    }
    return path;
}

std::string parse(const std::string& text) {
    auto path = plain(text);
    if (text.empty() || (!path.empty() && !manifest::is_path_beneath(path))) {
        throw Failure(ExitCode::configuration,
                      fmt::format("\"{}\" is no path in a backup", escape_text(text)),
                      "say it from the backup's top, without \"..\": photos/2021");
    }
    return path;
}

}  // namespace

Selection::Selection(std::span<const std::string> paths) {
    paths_.reserve(paths.size());
    for (const auto& text : paths) {
        paths_.push_back(parse(text));
    }
    if (std::ranges::find(paths_, std::string()) != paths_.end()) {
        paths_.clear();
    }
}

bool Selection::touches(const std::string& path) const {
    return holds(path) || std::ranges::any_of(paths_, [&](const std::string& one) {
               return path.empty() || is_beneath(one, path);
           });
}

bool Selection::holds(const std::string& path) const {
    return is_whole() || std::ranges::any_of(paths_, [&](const std::string& one) {
               return path == one || is_beneath(path, one);
           });
}

bool is_beneath(const std::string& path, const std::string& directory) {
    return directory.empty() ? !path.empty()
                             : path.size() > directory.size() && path[directory.size()] == '/' &&
                                   path.starts_with(directory);
}

}  // namespace snapferry::restore
