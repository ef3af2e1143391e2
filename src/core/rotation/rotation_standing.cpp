#include "snapferry/core/rotation/rotation_standing.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/rough_duration.h"

namespace snapferry {
namespace {

constexpr std::chrono::hours may_be_late{1};

std::string ago(std::chrono::sys_seconds then, WallTime now) {
    using std::chrono::floor;
    using std::chrono::seconds;
    return then > now ? rough_duration(floor<seconds>(then - now)) + " from now"
                      : rough_duration(floor<seconds>(now - then)) + " ago";
}

std::string words_of(const RotationStanding& rotation, WallTime now) {
    constexpr auto who_tells = "is snapferry-send running? journalctl -u snapferry-send tells more";
    switch (condition_of(rotation, now)) {
        case RotationCondition::unknown:
            return rotation.unknown;
        case RotationCondition::none:
            return fmt::format("no snapshot of {} has been made yet; {}",
                               escape_text(rotation.subvolume), who_tells);
        case RotationCondition::late:
            return fmt::format("a snapshot of {} was due {}, and the last was made {}; {}",
                               escape_text(rotation.subvolume), ago(*rotation.missed, now),
                               ago(*rotation.last, now), who_tells);
        case RotationCondition::ok:
            break;
    }
    return "the last was made " + ago(*rotation.last, now);
}

std::string label_of(const RotationStanding& rotation) {
    return "snapshots." + escape_text(rotation.name);
}

CheckState state_of(RotationCondition condition) {
    return condition == RotationCondition::ok        ? CheckState::ok
           : condition == RotationCondition::unknown ? CheckState::unknown
                                                     : CheckState::warning;
}

}  // namespace

RotationCondition condition_of(const RotationStanding& rotation, WallTime now) {
    if (!rotation.unknown.empty()) {
        return RotationCondition::unknown;
    }
    if (!rotation.last) {
        return RotationCondition::none;
    }
    return rotation.missed && now - *rotation.missed > may_be_late ? RotationCondition::late
                                                                   : RotationCondition::ok;
}

std::string_view name_of(RotationCondition condition) {
    constexpr std::array<std::string_view, 4> names{"ok", "late", "none", "unknown"};
    return names.at(static_cast<std::size_t>(condition));
}

Finding finding_of(const RotationStanding& rotation, WallTime now) {
    return {state_of(condition_of(rotation, now)),
            fmt::format("{}: {}", label_of(rotation), words_of(rotation, now))};
}

std::string need_of(const RotationStanding& rotation, WallTime now) {
    switch (condition_of(rotation, now)) {
        case RotationCondition::ok:
            return {};
        case RotationCondition::unknown:
            return label_of(rotation) + ": " + rotation.unknown;
        case RotationCondition::none:
            return label_of(rotation) + ": none has been made yet";
        case RotationCondition::late:
            break;
    }
    return fmt::format("{}: one was due {}", label_of(rotation), ago(*rotation.missed, now));
}

std::vector<Finding> findings_of(const std::vector<RotationStanding>& rotations, WallTime now) {
    std::vector<Finding> findings;
    findings.reserve(rotations.size());
    for (const auto& rotation : rotations) {
        findings.push_back(finding_of(rotation, now));
    }
    return findings;
}

}  // namespace snapferry
