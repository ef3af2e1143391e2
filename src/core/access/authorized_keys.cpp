#include "snapferry/core/access/authorized_keys.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "snapferry/core/names/tag.h"

namespace snapferry {
namespace {

constexpr std::string_view blanks = " \t\r";

/// What "restrict" takes away; a line that names each of them takes away the same.
const std::set<std::string> restrictions{"no-agent-forwarding", "no-port-forwarding", "no-pty",
                                         "no-user-rc", "no-x11-forwarding"};

/// What gives something back, or sets what the command finds around it.
const std::set<std::string> allowances{"agent-forwarding", "port-forwarding", "pty",
                                       "user-rc",          "x11-forwarding",  "permitopen",
                                       "permitlisten",     "tunnel",          "environment"};

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char character) { return std::tolower(character); });
    return lower;
}

std::string_view without_leading_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

std::string_view first_word(std::string_view text) {
    return text.substr(0, text.find_first_of(blanks));
}

/// What follows the type of a key.
std::string key_behind_type(std::string_view text) {
    text.remove_prefix(first_word(text).size());
    return std::string(first_word(without_leading_blanks(text)));
}

/// "ssh-ed25519", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com", a certificate's name.
bool is_key_type(std::string_view word) {
    constexpr std::array<std::string_view, 5> beginnings{"ssh-", "ecdsa-sha2-", "sk-ssh-",
                                                         "sk-ecdsa-sha2-", "rsa-sha2-"};
    return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) {
        return in_lower_case(word).starts_with(beginning);
    });
}

struct Option {
    std::string name;  ///< in lower case
    std::optional<std::string> value;
};

/// Takes one option from the front: NAME, or NAME="VALUE" where \" stands for a quote. Nothing
/// where there is none that can be read.
std::optional<Option> take_option(std::string_view& rest) {
    const auto end = rest.find_first_of("=, \t\r");
    Option option{in_lower_case(rest.substr(0, end)), std::nullopt};
    rest.remove_prefix(std::min(end, rest.size()));
    if (option.name.empty()) {
        return std::nullopt;
    }
    if (!rest.starts_with("=")) {
        return option;
    }
    rest.remove_prefix(1);
    if (!rest.starts_with("\"")) {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    std::string value;
    while (!rest.empty() && !rest.starts_with("\"")) {
        if (rest.starts_with("\\\"")) {
            rest.remove_prefix(1);
        }
        value += rest.front();
        rest.remove_prefix(1);
    }
    if (rest.empty()) {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    option.value = std::move(value);
    return option;
}

/// The options from the front of a line, up to the blank that ends them.
std::optional<std::vector<Option>> take_options(std::string_view& rest) {
    std::vector<Option> options;
    for (;;) {
        auto option = take_option(rest);
        if (!option) {
            return std::nullopt;
        }
        options.push_back(std::move(*option));
        if (!rest.starts_with(",")) {
            return options;
        }
        rest.remove_prefix(1);
    }
}

void apply(const std::vector<Option>& options, KeyLine& line) {
    std::set<std::string> taken_away;
    for (const auto& option : options) {
        if (option.name == "command") {
            line.command = option.value;
        } else if (option.name == "restrict") {
            taken_away = restrictions;
        } else if (restrictions.contains(option.name)) {
            taken_away.insert(option.name);
        } else if (allowances.contains(option.name)) {
            line.allowed.push_back(option.name);
        }
    }
    line.restricted = taken_away == restrictions;
}

std::optional<KeyLine> parse_line(std::string_view text, std::size_t number) {
    auto rest = without_leading_blanks(text);
    if (rest.empty() || rest.starts_with("#")) {
        return std::nullopt;
    }
    KeyLine line;
    line.number = number;
    if (is_key_type(first_word(rest))) {
        line.key = key_behind_type(rest);
        return line;
    }
    const auto options = take_options(rest);
    rest = without_leading_blanks(rest);
    line.understood = options && is_key_type(first_word(rest));
    if (line.understood) {
        line.key = key_behind_type(rest);
    }
    if (options) {
        apply(*options, line);
    }
    return line;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (text = without_leading_blanks(text); !text.empty(); text = without_leading_blanks(text)) {
        words.push_back(text.substr(0, text.find_first_of(blanks)));
        text.remove_prefix(words.back().size());
    }
    return words;
}

std::string_view last_component(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

/// Words that a shell takes as they are.
bool is_plain(std::string_view word) {
    return std::all_of(word.begin(), word.end(), [](unsigned char character) {
        return std::isalnum(character) != 0 ||
               std::string_view("/._-").find(static_cast<char>(character)) !=
                   std::string_view::npos;
    });
}

}  // namespace

std::vector<KeyLine> parse_authorized_keys(std::string_view text) {
    std::vector<KeyLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        if (auto line = parse_line(text.substr(0, end), number)) {
            lines.push_back(std::move(*line));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

ForcedCommand parse_forced_command(std::string_view command) {
    if (command.find("SSH_ORIGINAL_COMMAND") != std::string_view::npos) {
        return {ForcedCommand::Kind::client_decides, {}, {}, false};
    }
    auto words = words_of(command);
    if (!std::all_of(words.begin(), words.end(), is_plain)) {
        return {};
    }
    const auto skip = [&](std::string_view word) {
        const bool is_there = !words.empty() && last_component(words.front()) == word;
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(is_there));
        return is_there;
    };
    (void)skip("exec");
    ForcedCommand found;
    found.by_sudo = skip("sudo");
    while (found.by_sudo && skip("-n")) {
    }
    const bool receives = words.size() == 2 &&
                          last_component(words.front()) == "snapshot-receive" &&
                          Tag::is_tag(words.back());
    if (!receives) {
        return {};
    }
    found.kind = ForcedCommand::Kind::receives;
    found.program = words.front();
    found.tag = words.back();
    return found;
}

}  // namespace snapferry
