#include "snapferry/core/setup/key_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/access/authorized_keys.h"
#include "snapferry/core/setup/text/text_lines.h"

namespace snapferry::setup {
namespace {

bool sends_to(const KeyLine& line, std::string_view tag) {
    if (!line.understood || !line.command) {
        return false;
    }
    const auto forced = parse_forced_command(*line.command);
    return forced.kind == ForcedCommand::Kind::receives && forced.tag == tag;
}

std::string whole_line(const KeyLineWish& wish) {
    return fmt::format("{} {}", wish.options, wish.key);
}

/// The one line with a key on it, where it is one.
bool is_line_of(std::string_view text, std::string_view tag) {
    const auto keys = parse_authorized_keys(text);
    return keys.size() == 1 && sends_to(keys.front(), tag);
}

/// What the line with the wished key is to the wish.
KeyLook::Kind kind_of(const KeyLine& line, const KeyLineWish& wish, KeyLook& look) {
    using Kind = KeyLook::Kind;
    if (!line.command) {
        return Kind::other_purpose;
    }
    const auto forced = parse_forced_command(*line.command);
    if (forced.kind != ForcedCommand::Kind::receives) {
        return Kind::other_purpose;
    }
    if (forced.tag != wish.tag) {
        look.tag = forced.tag;
        return Kind::other_tag;
    }
    const bool is_as_wished =
        forced.by_sudo && forced.program == wish.program && line.restricted && line.allowed.empty();
    return is_as_wished ? Kind::there : Kind::outdated;
}

KeyLook look_at_others(std::string_view text, const std::vector<KeyLine>& lines,
                       const KeyLineWish& wish) {
    for (const auto& line : lines) {
        if (!line.understood) {
            return {KeyLook::Kind::not_understood, line.number, {}, {}};
        }
    }
    auto others = key_lines_of(text, wish.tag);
    if (others.empty()) {
        return {};
    }
    return {KeyLook::Kind::other_key, 0, {}, std::move(others)};
}

}  // namespace

KeyLook look_for_key(std::string_view text, const KeyLineWish& wish) {
    const auto lines = parse_authorized_keys(text);
    const auto found =
        std::ranges::find_if(lines, [&](const KeyLine& line) { return line.key == wish.base64; });
    if (found == lines.end()) {
        return look_at_others(text, lines, wish);
    }
    KeyLook look;
    look.line = found->number;
    look.kind = kind_of(*found, wish, look);
    const bool is_twice = std::ranges::count_if(lines, [&](const KeyLine& line) {
                              return line.key == wish.base64;
                          }) > 1;
    const auto of_tag = key_lines_of(text, wish.tag);
    if (look.kind == KeyLook::Kind::there && (is_twice || of_tag.size() > 1)) {
        look.kind = is_twice ? KeyLook::Kind::other_purpose : KeyLook::Kind::other_key;
    }
    if (look.kind == KeyLook::Kind::outdated || look.kind == KeyLook::Kind::other_key) {
        look.replaced = of_tag;
    }
    return look;
}

std::vector<std::string> key_lines_of(std::string_view text, std::string_view tag) {
    std::vector<std::string> found;
    for (const auto line : lines_of(text)) {
        if (is_line_of(content_of(line), tag)) {
            found.emplace_back(content_of(line));
        }
    }
    return found;
}

std::string with_key_line(std::string_view text, const KeyLineWish& wish) {
    return with_line(without_key_lines_of(text, wish.tag), whole_line(wish));
}

std::string without_key_lines_of(std::string_view text, std::string_view tag) {
    return without_lines(text, [&](std::string_view line) { return is_line_of(line, tag); });
}

bool has_keys(std::string_view text) {
    return !parse_authorized_keys(text).empty();
}

}  // namespace snapferry::setup
