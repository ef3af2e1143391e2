#include "snapferry/core/transfer/compression_tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/compression.h"

namespace snapferry {
namespace {

/// From nothing to all there is; each takes about half as long again as the one before.
constexpr std::array steps{0, 1, 3, 5, 7, 9, 12, 15, 19};
static_assert(steps.back() == wire::highest_level);

constexpr double line_is_the_limit = 0.8;
constexpr double line_has_room = 0.5;
constexpr double much_waiting = 0.5;
constexpr double little_waiting = 0.1;

/// After a step too far: long enough that most of a transfer is not spent on trying it again.
constexpr unsigned rest_after_a_step_down = 16;

constexpr unsigned most_passed_by = 64;

}  // namespace

std::optional<int> parse_compression_setting(std::string_view text) {
    if (text == "auto") {
        return std::nullopt;
    }
    if (text == "off") {
        return 0;
    }
    int level = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), level);
    if (error != std::errc{} || end != text.data() + text.size() || level < wire::lowest_level ||
        level > wire::highest_level) {
        throw Failure(ExitCode::configuration,
                      fmt::format("no compression is called \"{}\"", escape_text(text, 40)),
                      fmt::format("it is auto, off, or a level from {} to {}", wire::lowest_level,
                                  wire::highest_level));
    }
    return level;
}

CompressionTuning::CompressionTuning(std::optional<int> demanded) : demanded_(demanded) {}

int CompressionTuning::level() const {
    return demanded_.value_or(steps.at(step_));
}

void CompressionTuning::learn(const Stretch& stretch) {
    const bool too_far =
        stretch.line_busy < line_has_room || stretch.frames_waited < little_waiting;
    const bool could_do_more =
        stretch.line_busy >= line_is_the_limit && stretch.frames_waited >= much_waiting;
    if (too_far && step_ > 0) {
        --step_;
        rest_ = rest_after_a_step_down;
    } else if (rest_ > 0) {
        --rest_;
    } else if (could_do_more && step_ + 1 < steps.size()) {
        ++step_;
    }
}

bool ShrinkWatch::worth_trying() {
    if (pass_by_ == 0) {
        return true;
    }
    --pass_by_;
    return false;
}

void ShrinkWatch::tried(bool shrank) {
    constexpr unsigned enough = 6;  // 2^6 is the most that is passed by
    static_assert(1U << enough == most_passed_by);
    in_vain_ = shrank ? 0 : std::min(in_vain_ + 1, enough);
    pass_by_ = shrank ? 0 : 1U << in_vain_;
}

}  // namespace snapferry
