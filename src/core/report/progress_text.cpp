#include "snapferry/core/report/progress_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/unicode/utf8.h"

namespace snapferry {
namespace {

constexpr std::string_view gap = "  ";

/// Columns that a text takes, at one a character; what is escaped is all that reaches this.
std::size_t columns(std::string_view text) {
    std::size_t count = 0;
    while (!text.empty()) {
        const auto character = first_utf8_character(text);
        text.remove_prefix(character ? character->size : 1);
        ++count;
    }
    return count;
}

std::string cut(std::string_view text, std::size_t width) {
    if (columns(text) <= width) {
        return std::string(text);
    }
    std::string kept;
    for (std::size_t used = 0; used + 1 < width; ++used) {
        const auto character = first_utf8_character(text);
        const auto size = character ? character->size : 1;
        kept += text.substr(0, size);
        text.remove_prefix(size);
    }
    return width == 0 ? std::string{} : kept + "…";
}

struct Part {
    std::string text;
    int worth;  ///< the least goes first where there is no room
};

/// No more than 99 %: that all of it has gone is for the receiver to say.
std::string share_text(std::uint64_t sent, std::uint64_t estimate) {
    const auto share = static_cast<double>(sent) / static_cast<double>(estimate) * 100;
    return fmt::format("about {} %", std::min(99, static_cast<int>(share)));
}

std::optional<std::string> time_left(const ProgressState& state) {
    if (!state.estimate || state.rate == 0 || *state.estimate <= state.sent) {
        return std::nullopt;
    }
    const auto seconds = (*state.estimate - state.sent) / state.rate;
    return "about " + duration_text(std::chrono::seconds{seconds}) + " left";
}

std::vector<Part> parts_of(const ProgressState& state) {
    if (!state.is_sending) {
        return {{state.phase, 5}};
    }
    std::vector<Part> parts;
    if (state.series > 1) {
        parts.push_back({fmt::format("{} of {}", state.place, state.series), 2});
    }
    parts.push_back({byte_text(state.sent), 5});
    parts.push_back({byte_text(state.rate) + "/s", 4});
    if (state.estimate && *state.estimate > 0) {
        parts.push_back({share_text(state.sent, *state.estimate), 3});
    }
    if (const auto left = time_left(state)) {
        parts.push_back({*left, 1});
    }
    return parts;
}

std::size_t width_of(const std::vector<Part>& parts) {
    std::size_t width = 0;
    for (const auto& part : parts) {
        width += gap.size() + columns(part.text);
    }
    return width;
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t width) {
    constexpr std::size_t shortest_name = 4;
    auto parts = parts_of(state);
    while (parts.size() > 1 &&
           width_of(parts) + std::min(columns(state.job), shortest_name) > width) {
        parts.erase(std::min_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
            return a.worth < b.worth;
        }));
    }
    const auto rest = width_of(parts);
    auto line = cut(state.job, width > rest ? width - rest : 0);
    for (const auto& part : parts) {
        line += std::string(gap) + part.text;
    }
    return cut(line, width);
}

void RateMeter::note(std::uint64_t bytes_in_all, TimePoint now) {
    constexpr std::chrono::duration<double> memory{10};
    if (!last_time_ || bytes_in_all < last_bytes_) {
        began_ = now;
        last_time_ = now;
        last_bytes_ = bytes_in_all;
        rate_ = 0;
        return;
    }
    const std::chrono::duration<double> passed = now - *last_time_;
    if (passed.count() <= 0) {
        return;
    }
    const auto lately = static_cast<double>(bytes_in_all - last_bytes_) / passed.count();
    // At first the mean of all there was: the buffers on the way take much at once.
    const auto weight = std::max(1 - std::exp(-passed / memory), passed / (now - began_));
    rate_ += (lately - rate_) * weight;
    last_time_ = now;
    last_bytes_ = bytes_in_all;
}

}  // namespace snapferry
