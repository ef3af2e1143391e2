#include "snapferry/core/disk/scrub_status.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace snapferry {
namespace {

/// Not among them: no_csum (data that was written without), malloc_errors (of the machine), and
/// corrected_errors, which the others count already.
constexpr std::array<std::string_view, 5> error_counters{
    "read_errors", "csum_errors", "verify_errors", "super_errors", "uncorrectable_errors"};

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && parsed == end ? std::optional(value) : std::nullopt;
}

/// What stands before `separator`, which is taken off with it.
std::string_view take_until(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// "UUID:1|read_errors:0|...|t_start:1764000000|...|finished:1"
std::optional<ScrubRecord> parse_line(std::string_view line) {
    auto head = take_until(line, '|');
    take_until(head, ':');
    const auto device = number(head);
    std::map<std::string_view, std::uint64_t> values;
    while (!line.empty()) {
        auto value = take_until(line, '|');
        const auto name = take_until(value, ':');
        if (const auto parsed = number(value)) {
            values[name] = *parsed;
        }
    }
    if (!device || !values.contains("t_start")) {
        return std::nullopt;
    }
    ScrubRecord record;
    record.device = *device;
    const auto begun = std::max(values["t_start"], values["t_resumed"]);
    record.begun = std::chrono::sys_seconds(std::chrono::seconds(begun));
    record.finished = values["finished"] != 0;
    record.canceled = values["canceled"] != 0;
    for (const auto counter : error_counters) {
        if (values[counter] != 0) {
            record.errors.emplace_back(counter, values[counter]);
        }
    }
    return record;
}

}  // namespace

std::vector<ScrubRecord> parse_scrub_status(std::string_view text) {
    std::vector<ScrubRecord> records;
    while (!text.empty()) {
        if (auto record = parse_line(take_until(text, '\n'))) {
            records.push_back(std::move(*record));
        }
    }
    return records;
}

}  // namespace snapferry
