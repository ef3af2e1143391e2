#include "known_values.h"

#include <algorithm>
#include <exception>
#include <filesystem>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/send/config/config.h"
#include "snapferry/sys/files/directory_entries.h"
#include "surroundings.h"

namespace snapferry::commands {
namespace {

using Names = std::vector<std::string>;

/// Directories that can bear a backup's or a tag's name.
template <typename IsName>
Names directories_in(const std::filesystem::path& place, IsName is_name) {
    Names names;
    for (const auto& entry : sys::entries_of(place, ExitCode::directory_missing)) {
        if (entry.kind == sys::EntryKind::directory && is_name(entry.name)) {
            names.push_back(entry.name);
        }
    }
    return names;
}

Names tags_here() {
    const auto config = receive::load_config(receive::config_path);
    auto names = directories_in(config.target_dir, Tag::is_tag);
    for (const auto& [tag, policy] : config.tags) {
        names.push_back(tag);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Names backups_of(const std::string& tag) {
    const auto config = receive::load_config(receive::config_path);
    auto names = directories_in(config.target_dir / Tag::parse(tag).text(), [](const auto& name) {
        return SnapshotName::parse(name).has_value();
    });
    std::sort(names.begin(), names.end());
    return names;
}

Names jobs_here(const Shared& shared) {
    const auto jobs = configured_jobs(shared);
    Names names;
    names.reserve(jobs.size());
    for (const auto& job : jobs) {
        names.push_back(job.name);
    }
    return names;
}

Names rotations_here(const Shared& shared) {
    const auto rotations = send::load_config(shared.config).rotations;
    Names names;
    names.reserve(rotations.size());
    for (const auto& rotation : rotations) {
        names.push_back(rotation.name);
    }
    return names;
}

Names logins_here(const Shared& shared) {
    const auto logins = send::load_logins(shared.config);
    Names names;
    names.reserve(logins.size());
    for (const auto& [receiver, person] : logins) {
        names.push_back(person);
    }
    return names;
}

Names look_up(std::string_view what, std::span<const std::string> before, const Shared& shared) {
    if (what == "TAG") {
        return tags_here();
    }
    if ((what == "NAME" || what == "A" || what == "B") && !before.empty()) {
        return backups_of(before.front());
    }
    if (what == "JOB") {
        return jobs_here(shared);
    }
    if (what == "WHAT") {
        return rotations_here(shared);
    }
    return what == "USER@HOST" ? logins_here(shared) : Names{};
}

}  // namespace

std::vector<std::string> known_values(std::string_view what, std::span<const std::string> before,
                                      const Shared& shared) {
    try {
        return look_up(what, before, shared);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace snapferry::commands
