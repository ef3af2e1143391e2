#include "snapferry/core/past/finds.h"

#include <fmt/format.h>

#include "snapferry/core/failure.h"

namespace snapferry::past {

void Finds::add(const std::string& backup, const std::string& path, const Seen& seen) {
    const auto [place, is_new] = found_.try_emplace(path);
    if (found_.size() > most) {
        throw Failure(ExitCode::configuration, fmt::format("more than {} paths match", most),
                      "say more of the name");
    }
    auto& find = place->second;
    if (is_new) {
        find.path = path;
        find.first = backup;
    }
    ++find.backups;
    find.last = backup;
    find.newest = seen;
}

std::vector<Find> Finds::all() const {
    std::vector<Find> all;
    all.reserve(found_.size());
    for (const auto& [path, find] : found_) {
        all.push_back(find);
    }
    return all;
}

}  // namespace snapferry::past
