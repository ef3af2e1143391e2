#include "snapferry/core/disk/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "snapferry/core/age/clock_record.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

/// Of what is written down by this machine alone: less is a clock that was put right.
constexpr std::chrono::hours far_ahead{24};

double in_seconds(seconds duration) {
    return static_cast<double>(duration.count());
}

seconds age_of(sys_seconds moment, sys_seconds now) {
    return std::max(now - moment, seconds{0});
}

std::string error_text(const ScrubRecord& scrub) {
    std::string text;
    for (const auto& [name, count] : scrub.errors) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
    }
    return text;
}

Finding judge_scrub(const ScrubRecord& scrub, const HealthLimits& limits, sys_seconds now) {
    if (scrub.begun > now + far_ahead && scrub.errors.empty()) {
        return {
            CheckState::warning,
            fmt::format("device {} was last scrubbed {} from now; is this machine's clock right?",
                        scrub.device, duration_text(scrub.begun - now))};
    }
    const auto age = age_of(scrub.begun, now);
    const auto ago = duration_text(age);
    const bool late = age > limits.max_scrub_age;
    if (!scrub.errors.empty()) {
        return {CheckState::critical,
                fmt::format("the scrub of {} ago found errors on device {}: {}; the kernel's log "
                            "names the files",
                            ago, scrub.device, error_text(scrub))};
    }
    if (scrub.finished) {
        const PerformanceValue value{fmt::format("scrub_age_{}", scrub.device), in_seconds(age),
                                     "s", in_seconds(limits.max_scrub_age)};
        return {late ? CheckState::warning : CheckState::ok,
                fmt::format("device {} was last scrubbed {} ago{}", scrub.device, ago,
                            late ? "; start one with btrfs scrub start" : ""),
                {value}};
    }
    if (scrub.canceled || late) {
        return {CheckState::warning,
                fmt::format("the scrub of device {} of {} ago {}; go on with btrfs scrub resume",
                            scrub.device, ago,
                            scrub.canceled ? "was cancelled" : "has not come to its end")};
    }
    return {CheckState::ok,
            fmt::format("a scrub of device {} was begun {} ago", scrub.device, ago)};
}

AllowedAge allowed_by(const TagTimes& times, const HealthLimits& limits) {
    return limits.max_age ? age_asked_for(*limits.max_age) : times.allowed;
}

/// What is too old, or may be, and how that is known.
std::string late_text(seconds age, const AllowedAge& allowed) {
    if (age > allowed.stale_after) {
        return allowed.source == AllowedAge::Source::learnt
                   ? fmt::format(", more than {}; does its sender run?", text_of(allowed))
                   : "; does its sender run?";
    }
    return age > allowed.doubtful_after
               ? "; how often one arrives is not known yet: does its sender run?"
               : "";
}

Finding judge_newest(const Tag& tag, const TagTimes& times, const HealthLimits& limits,
                     sys_seconds now) {
    const auto& arrived = times.newest;
    if (!arrived) {
        return {CheckState::critical,
                times.had_some
                    ? fmt::format(
                          "{0}: there is no backup any more, though some have arrived; if the tag "
                          "is no more, delete .snapferry/{0}.arrivals on the backup disk",
                          tag.text())
                    : fmt::format("{}: there is no backup; does its sender run?", tag.text())};
    }
    const auto allowed = allowed_by(times, limits);
    const auto counted = times.counted_age.value_or(seconds{0});
    if (*arrived > now + clock_tolerance && counted <= allowed.stale_after) {
        return {CheckState::warning,
                fmt::format("{}: the newest backup arrived {} from now; is this machine's clock "
                            "right?",
                            tag.text(), duration_text(*arrived - now))};
    }
    const auto age = std::max(age_of(*arrived, now), counted);
    const PerformanceValue value{
        tag.text() + "_age", in_seconds(age), "s", {}, in_seconds(allowed.stale_after)};
    return {age > allowed.stale_after      ? CheckState::critical
            : age > allowed.doubtful_after ? CheckState::warning
                                           : CheckState::ok,
            fmt::format("{}: the newest backup arrived {} ago{}", tag.text(), duration_text(age),
                        late_text(age, allowed)),
            {value}};
}

Finding judge_unfinished(const Tag& tag, sys_seconds moved, const AllowedAge& allowed,
                         sys_seconds now) {
    if (moved > now + far_ahead) {
        return {CheckState::warning,
                fmt::format(
                    "{}: an unfinished receive last came further {} from now; is this machine's "
                    "clock right?",
                    tag.text(), duration_text(moved - now))};
    }
    const auto age = age_of(moved, now);
    const bool late = age > allowed.doubtful_after;
    return {late ? CheckState::warning : CheckState::ok,
            fmt::format("{}: an unfinished receive last came further {} ago{}", tag.text(),
                        duration_text(age), late ? "; does its sender run?" : "")};
}

}  // namespace

std::vector<Finding> judge_tag(const Tag& tag, const TagTimes& times, const HealthLimits& limits,
                               sys_seconds now) {
    std::vector<Finding> findings;
    if (times.unfinished) {
        findings.push_back(
            judge_unfinished(tag, *times.unfinished, allowed_by(times, limits), now));
    }
    const bool first_is_coming =
        !times.newest && times.unfinished && findings.front().state == CheckState::ok;
    if (!first_is_coming) {
        findings.push_back(judge_newest(tag, times, limits, now));
    }
    return findings;
}

Finding judge_space(std::uint64_t free, std::uint64_t total, const Reserve& reserve) {
    const auto kept_free = reserve.bytes_of(total);
    auto state = CheckState::ok;
    std::string what_to_do;
    if (free < kept_free) {
        state = CheckState::critical;
        what_to_do = ": nothing is received; make room, or keep fewer snapshots";
    } else if (free - kept_free < kept_free) {
        state = CheckState::warning;
        what_to_do = "; make room, or keep fewer snapshots";
    }
    return {state,
            fmt::format("the backup disk has {} of {} free, and {} are kept in reserve{}",
                        byte_text(free), byte_text(total), byte_text(kept_free), what_to_do),
            {{"free", static_cast<double>(free), "B"}}};
}

std::vector<Finding> judge_scrubs(std::span<const ScrubRecord> records,
                                  std::optional<sys_seconds> made, const HealthLimits& limits,
                                  sys_seconds now) {
    if (records.empty()) {
        const bool is_new = made && *made <= now && now - *made <= limits.max_scrub_age;
        if (is_new) {
            return {{CheckState::ok,
                     fmt::format("the backup disk is new, {} old, and was not scrubbed yet",
                                 duration_text(now - *made))}};
        }
        return {{CheckState::warning,
                 "the backup disk was never scrubbed; start one with btrfs scrub start"}};
    }
    std::vector<Finding> findings;
    for (const auto& record : records) {
        findings.push_back(judge_scrub(record, limits, now));
    }
    return findings;
}

std::vector<Finding> judge_devices(std::span<const DeviceErrors> devices) {
    std::vector<Finding> findings;
    for (const auto& device : devices) {
        if (device.missing) {
            findings.push_back(
                {CheckState::critical,
                 fmt::format("{} of the backup disk is missing; see the kernel's log, plug it in "
                             "again, or replace it (btrfs replace start {})",
                             device.device, device.id)});
        }
        const std::array counters{std::pair{"write", device.write}, std::pair{"read", device.read},
                                  std::pair{"flush", device.flush},
                                  std::pair{"corruption", device.corruption},
                                  std::pair{"generation", device.generation}};
        for (const auto& [name, count] : counters) {
            if (count != 0) {
                findings.push_back(
                    {CheckState::critical,
                     fmt::format("{} has counted {} {} errors; see the kernel's log and smartctl "
                                 "-a, and once mended btrfs device stats -z",
                                 device.device, count, name)});
            }
        }
    }
    if (findings.empty()) {
        findings.push_back({CheckState::ok, "no device is missing or has counted errors"});
    }
    return findings;
}

}  // namespace snapferry
