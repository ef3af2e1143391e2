#include "snapferry/receive/disk/privacy.h"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/sys/processes/mounts.h"

namespace snapferry::receive {
namespace {

constexpr unsigned for_root_alone = 0700;

std::string shown(const sys::Directory& directory) {
    return escape_text(directory.path().native());
}

/// Where target_dir may lie deeper than a mount point that is not given, the mount tells.
std::filesystem::path top_of_disk(const Config& config) {
    if (!config.has_mount_point) {
        if (const auto mount = sys::mount_of(sys::current_mounts(), config.target_dir)) {
            return mount->point;
        }
    }
    return config.mount_point;
}

/// From the mount point down to target_dir; `look` is called with each directory on the way.
sys::Directory go_down(const Config& config,
                       const std::function<void(const sys::Directory&)>& look) {
    const auto top = top_of_disk(config);
    auto place = sys::Directory::open(top, ExitCode::configuration);
    look(place);
    const auto rest = config.target_dir.lexically_relative(top);
    for (const auto& step : rest) {
        if (step == "." || step.empty()) {
            continue;
        }
        auto next = place.find(step.native());
        if (!next) {
            throw Failure(ExitCode::directory_missing,
                          fmt::format("{} is missing", escape_text((place.path() / step).native())),
                          fmt::format("make it, or mend target_dir in {}",
                                      escape_text(config.file.native())));
        }
        place = std::move(*next);
        look(place);
    }
    return place;
}

void require_only_root_can_change(const sys::Directory& directory) {
    const auto verdict = judge_way(directory.rights());
    if (verdict.rights != Rights::good) {
        throw Failure(ExitCode::configuration,
                      fmt::format("others than root can change where the backups lie: of {}, {}",
                                  shown(directory), verdict.why),
                      advice_for(verdict.rights, shown(directory), false));
    }
}

/// Nothing where the directory is good.
std::optional<Finding> judge(const sys::Directory& directory, bool is_private) {
    const auto rights = directory.rights();
    const auto verdict = is_private ? judge_private(rights) : judge_way(rights);
    if (verdict.rights == Rights::good) {
        return std::nullopt;
    }
    return Finding{
        CheckState::critical,
        fmt::format("{} is not safe from the other users here: {}; {}", shown(directory),
                    verdict.why, advice_for(verdict.rights, shown(directory), is_private))};
}

}  // namespace

void secure_directory(const sys::Directory& directory, Log& log) {
    const auto verdict = judge_private(directory.rights());
    switch (verdict.rights) {
        case Rights::good:
            return;
        case Rights::too_open:
            directory.set_mode(for_root_alone);
            log.warning("{} was open to the other users of the receiver: {}; it is 0700 now",
                        shown(directory), verdict.why);
            return;
        case Rights::strangers:
            throw Failure(ExitCode::configuration,
                          fmt::format("{} is not root's alone: {}", shown(directory), verdict.why),
                          advice_for(verdict.rights, shown(directory), true));
    }
}

void secure_target(const Config& config, const Tag& tag, Log& log) {
    const auto target_dir = go_down(config, require_only_root_can_change);
    const auto internals = target_dir.make(internal_directory);
    secure_directory(internals, log);
    const auto secure = [&](const sys::Directory& place, const std::string& name) {
        if (const auto directory = place.find(name)) {
            secure_directory(*directory, log);
        }
    };
    secure(target_dir, tag.text());
    secure(internals, tag.text());
    secure(internals, tag.text() + second_room);
}

std::vector<Finding> check_privacy(const Config& config, const std::vector<Tag>& tags) {
    std::vector<Finding> findings;
    const auto look = [&](const sys::Directory& directory, bool is_private) {
        if (auto finding = judge(directory, is_private)) {
            findings.push_back(std::move(*finding));
        }
    };
    const auto target_dir =
        go_down(config, [&](const sys::Directory& directory) { look(directory, false); });
    const auto internals = target_dir.find(internal_directory);
    if (internals) {
        look(*internals, true);
    }
    const auto look_into = [&](const sys::Directory& place, const std::string& name) {
        if (const auto directory = place.find(name)) {
            look(*directory, true);
        }
    };
    for (const auto& tag : tags) {
        look_into(target_dir, tag.text());
        if (internals) {
            look_into(*internals, tag.text());
            look_into(*internals, tag.text() + second_room);
        }
    }
    if (findings.empty()) {
        findings.push_back({CheckState::ok, "only root can look into the backups"});
    }
    return findings;
}

}  // namespace snapferry::receive
