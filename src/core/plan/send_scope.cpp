#include "snapferry/core/plan/send_scope.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::string_view before_number = "all up to ";
constexpr std::size_t most_of_a_tag = 1800;  // docs/protocol.md: backups that a receiver tells of

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool is_number = error == std::errc{} && stop == end;
    return is_number && number >= 1 && number <= most_of_a_tag ? std::optional(number)
                                                               : std::nullopt;
}

}  // namespace

SendScope parse_send_scope(std::string_view text) {
    if (text == "newest") {
        return {};
    }
    if (text == "all") {
        return {true, {}};
    }
    if (text.starts_with(before_number)) {
        if (const auto most = number_in(text.substr(before_number.size()))) {
            return {true, most};
        }
    }
    throw Failure(
        ExitCode::configuration,
        fmt::format("\"{}\" does not say which snapshots to send", escape_text(std::string(text))),
        fmt::format(
            "it must be \"newest\", \"all\", or \"all up to 30\" with a number from 1 to {}",
            most_of_a_tag));
}

}  // namespace snapferry
