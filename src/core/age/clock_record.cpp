#include "snapferry/core/age/clock_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/text/duration_text.h"

namespace snapferry {
namespace {

using std::chrono::milliseconds;

/// How long a jump is told of.
constexpr std::chrono::hours jump_matters{7 * 24};

/// What may be counted of the time before this boot, as the wall clock has it now.
milliseconds countable_gap(WallTime before_boot, const ClockReading& now) {
    const auto boot = now.wall - now.since_boot;
    return std::clamp<milliseconds>(boot - before_boot, milliseconds{0}, longest_gap);
}

ClockRecord within_boot(const ClockRecord& record, const ClockReading& now) {
    auto next = record;
    next.last = now;
    next.counted += std::max(now.since_boot - record.last.since_boot, milliseconds{0});
    if (record.wall_before_boot) {
        const auto gap = std::max(record.gap, countable_gap(*record.wall_before_boot, now));
        next.counted += gap - record.gap;
        next.gap = gap;
    }
    return next;
}

/// The new boot came after the last reading, so all of its time has passed since.
ClockRecord after_boot(const ClockRecord& record, const ClockReading& now) {
    auto next = record;
    next.last = now;
    next.wall_before_boot = record.last.wall;
    next.gap = countable_gap(record.last.wall, now);
    next.counted += now.since_boot + next.gap;
    return next;
}

}  // namespace

ClockRecord count_on(const std::optional<ClockRecord>& record, const ClockReading& now) {
    if (!record) {
        ClockRecord first;
        first.last = now;
        return first;
    }
    auto next =
        record->last.boot == now.boot ? within_boot(*record, now) : after_boot(*record, now);
    const auto jump = (now.wall - record->last.wall) - (next.counted - record->counted);
    if (jump > clock_tolerance || jump < -clock_tolerance) {
        next.jump = ClockJump{jump, next.counted};
    }
    return next;
}

std::string jump_text(const ClockJump& jump) {
    const bool ahead = jump.by.count() > 0;
    const auto far = std::chrono::duration_cast<std::chrono::seconds>(ahead ? jump.by : -jump.by);
    return fmt::format(
        "this machine's clock went {} by {}{}; the ages of backups do not follow it: see that the "
        "clock is right, and who sets it",
        ahead ? "ahead" : "back", duration_text(far),
        ahead ? " more than was seen to pass, or it was off for long" : "");
}

Finding judge_clock(const ClockRecord& record, const ClockReading& now) {
    const auto present = count_on(record, now);
    if (present.jump && present.counted - present.jump->seen < jump_matters) {
        return {CheckState::warning, jump_text(*present.jump)};
    }
    return {CheckState::ok, "this machine's clock keeps step with the time that passes"};
}

}  // namespace snapferry
