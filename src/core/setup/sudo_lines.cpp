#include "snapferry/core/setup/sudo_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "snapferry/core/setup/text/text_lines.h"

namespace snapferry::setup {
namespace {

constexpr auto heading = "# Who may start the receiver of which tag; snapferry(8), setup.";

std::vector<std::string> words_of(std::string_view line) {
    std::istringstream stream{std::string(line)};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(std::move(word));
    }
    return words;
}

bool is_rule_of(std::string_view line, std::string_view tag) {
    const auto words = words_of(line);
    constexpr std::size_t count = 5;  // USER ALL=(root) NOPASSWD: PROGRAM TAG
    return words.size() == count && words[1] == "ALL=(root)" && words[2] == "NOPASSWD:" &&
           words[3].ends_with("/snapshot-receive") && words[4] == tag;
}

}  // namespace

std::string sudo_rule(std::string_view user, std::string_view program, std::string_view tag) {
    return fmt::format("{} ALL=(root) NOPASSWD: {} {}", user, program, tag);
}

std::string with_sudo_rule(std::string_view text, std::string_view rule) {
    return with_line(text.empty() ? with_line("", heading) : std::string(text), rule);
}

std::string without_sudo_rules_of(std::string_view text, std::string_view tag) {
    return without_lines(text, [&](std::string_view line) { return is_rule_of(line, tag); });
}

bool has_sudo_rules(std::string_view text) {
    return std::ranges::any_of(lines_of(text), [](std::string_view line) {
        const auto words = words_of(line);
        const bool is_comment =
            words.empty() || (words[0].starts_with('#') && !words[0].starts_with("#include"));
        return !is_comment;
    });
}

bool includes_directory(std::string_view sudoers, std::string_view directory) {
    return std::ranges::any_of(lines_of(sudoers), [&](std::string_view line) {
        const auto words = words_of(line);
        return words.size() == 2 && (words[0] == "@includedir" || words[0] == "#includedir") &&
               (words[1] == directory || words[1] == std::string(directory) + "/");
    });
}

}  // namespace snapferry::setup
