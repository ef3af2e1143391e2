#include "snapferry/core/answer/last_words.h"

#include <fmt/format.h>

#include <functional>

#include "login_refusals.h"
#include "own_codes.h"
#include "text_lines.h"

namespace snapferry {
namespace {

constexpr int not_executable = 126;  // exit statuses of a shell that cannot start a command
constexpr int not_found = 127;
constexpr std::string_view own_prefix = "snapshot-receive: ";

using Kind = NoReceiver::Kind;

/// The last line of either output of which `is_it` is true.
std::optional<std::string_view> find_line(const LastWords& words,
                                          const std::function<bool(std::string_view)>& is_it) {
    const auto in_err = last_line_that(words.err, is_it);
    return in_err ? in_err : last_line_that(words.out, is_it);
}

std::optional<NoReceiver> own_failure(const LastWords& words) {
    const auto code = failure_code(words.status);
    const auto line =
        find_line(words, [](std::string_view one) { return one.starts_with(own_prefix); });
    if (!code || !line) {
        return std::nullopt;
    }
    return NoReceiver{Kind::failed, *code,
                      "the receiver: " + shown_line(line->substr(own_prefix.size())), ""};
}

/// Of "SHELL: line 1: NAME: command not found", the name; empty where the line is none of those.
std::string_view name_not_found(std::string_view line) {
    for (const std::string_view ending :
         {": command not found", ": not found", ": No such file or directory"}) {
        if (line.ends_with(ending)) {
            line.remove_suffix(ending.size());
            const auto colon = line.rfind(": ");
            return line.substr(colon == std::string_view::npos ? 0 : colon + 2);
        }
    }
    return {};
}

NoReceiver not_installed(std::string_view line) {
    const auto shown = line.empty() ? "not found" : shown_line(line);
    const auto name = name_not_found(line);
    if (name == "sudo") {
        return {Kind::not_installed, ExitCode::receiving,
                fmt::format("sudo is not installed at the receiver ({})", shown),
                "install it there, with its rule for snapshot-receive (see docs/by-hand.md)"};
    }
    if (!name.empty() && !name.ends_with("snapshot-receive")) {
        return {Kind::not_installed, ExitCode::receiving,
                fmt::format("a program is missing at the receiver ({})", shown),
                fmt::format("install {} there", shown_line(name))};
    }
    return {Kind::not_installed, ExitCode::receiving,
            fmt::format("snapshot-receive is not installed at the receiver ({})", shown),
            "install snapferry there; where it is elsewhere, let the sudo rule and the key's line "
            "name that place"};
}

std::optional<NoReceiver> missing_program(const LastWords& words) {
    const auto line = find_line(words, says_something).value_or("");
    const int status = words.status.value_or(0);
    const bool is_missing = status == not_found || status == not_executable ||
                            contains(line, ": command not found") ||
                            contains(line, "sudo: unable to execute");
    return is_missing ? std::optional(not_installed(line)) : std::nullopt;
}

}  // namespace

std::optional<std::string> refused_as_no_stream(const LastWords& words) {
    // btrfs-progs: common/send-stream.c, since 3.6; nothing of it is translated.
    const auto line = find_line(
        words, [](std::string_view one) { return contains(one, "error: unexpected header"); });
    return line ? std::optional(shown_line(*line)) : std::nullopt;
}

std::optional<std::string> line_of_error(const LastWords& words) {
    const auto line = find_line(words, [](std::string_view one) {
        return one.starts_with("ERROR: ") || one.starts_with(own_prefix);
    });
    return line ? std::optional(shown_line(*line)) : std::nullopt;
}

std::optional<NoReceiver> known_refusal(const LastWords& words) {
    for (const auto judge : {own_failure, missing_program, sudo_refusal, login_refusal}) {
        if (auto refusal = judge(words)) {
            return refusal;
        }
    }
    return std::nullopt;
}

std::string last_line(const LastWords& words) {
    return shown_line(find_line(words, says_something).value_or(""));
}

}  // namespace snapferry
