#include "snapferry/core/check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <string_view>

#include "snapferry/core/check/check_state.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::array<std::string_view, 4> state_names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

bool is_worse_found(const Finding& one, const Finding& other) {
    return is_worse(one.state, other.state);
}

/// A label must hold no quote and no "="; the rest is kept plain for the sake of whoever reads it.
std::string plain_label(const std::string& text) {
    std::string plain = text;
    std::replace_if(
        plain.begin(), plain.end(),
        [](unsigned char character) {
            return std::isalnum(character) == 0 && character != '_' && character != '-' &&
                   character != '.' && character != '/';
        },
        '_');
    return plain;
}

/// Behind a bar a monitor reads values: none may come from an error's words.
std::string without_bars(std::string_view words) {
    auto text = safe_line(words);
    std::replace(text.begin(), text.end(), '|', '/');
    return text;
}

std::string limit_text(const std::optional<double>& limit) {
    return limit ? fmt::format("{:g}", *limit) : std::string{};
}

std::string value_text(const PerformanceValue& value) {
    auto text = fmt::format("'{}'={:.10g}{}", plain_label(value.label), value.value, value.unit);
    if (value.warning || value.critical) {
        text += fmt::format(";{};{}", limit_text(value.warning), limit_text(value.critical));
    }
    return text;
}

}  // namespace

CheckState worst_of(std::span<const Finding> findings) {
    const auto worst = std::min_element(findings.begin(), findings.end(), is_worse_found);
    return worst == findings.end() ? CheckState::unknown : worst->state;
}

std::string check_text(std::span<const Finding> findings) {
    std::vector<Finding> sorted(findings.begin(), findings.end());
    std::stable_sort(sorted.begin(), sorted.end(), is_worse_found);
    std::string text = fmt::format(
        "SNAPFERRY {}: {}", state_names.at(static_cast<std::size_t>(worst_of(findings))),
        sorted.empty() ? "nothing to check" : without_bars(sorted.front().text));
    std::string values;
    for (const auto& finding : findings) {
        for (const auto& value : finding.values) {
            values += (values.empty() ? " | " : " ") + value_text(value);
        }
    }
    text += values;
    for (std::size_t index = 1; index < sorted.size(); ++index) {
        text +=
            fmt::format("\n{}: {}", state_names.at(static_cast<std::size_t>(sorted[index].state)),
                        without_bars(sorted[index].text));
    }
    return text + "\n";
}

}  // namespace snapferry
