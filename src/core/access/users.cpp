#include "snapferry/core/access/users.h"

#include <algorithm>
#include <charconv>

#include "snapferry/core/text/split.h"

namespace snapferry {
namespace {

/// sshd_config(5), TOKENS: those that AuthorizedKeysFile takes.
std::string expanded(std::string_view text, const User& user) {
    std::string path;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char next = text[at] == '%' && at + 1 < text.size() ? text[at + 1] : '\0';
        switch (next) {
            case 'h':
                path += user.home;
                break;
            case 'u':
                path += user.name;
                break;
            case 'U':
                path += std::to_string(user.id);
                break;
            case '%':
                path += '%';
                break;
            default:
                path += text[at];
                continue;
        }
        ++at;
    }
    return path;
}

}  // namespace

std::vector<User> parse_users(std::string_view text) {
    constexpr std::size_t id = 2;  // fields, counted from 0
    constexpr std::size_t home = 5;
    constexpr std::size_t shell = 6;
    std::vector<User> users;
    for (const auto line : split(text, '\n')) {
        const auto fields = split(line, ':');
        if (fields.size() <= home) {
            continue;
        }
        User user{std::string(fields[0]), 0, std::string(fields[home]),
                  fields.size() > shell ? std::string(fields[shell]) : ""};
        const auto* const end = fields[id].data() + fields[id].size();
        if (std::from_chars(fields[id].data(), end, user.id).ptr == end && !fields[id].empty()) {
            users.push_back(std::move(user));
        }
    }
    return users;
}

SshdSettings parse_sshd_settings(std::string_view text) {
    SshdSettings settings;
    for (const auto line : split(text, '\n')) {
        const auto name = line.substr(0, line.find(' '));
        const auto value = line.substr(std::min(name.size() + 1, line.size()));
        if (name == "authorizedkeysfile") {
            for (const auto file : split(value, ' ')) {
                if (!file.empty() && file != "none") {
                    settings.key_files.emplace_back(file);
                }
            }
        } else if (name == "forcecommand" && value != "none") {
            settings.forced_command = value;
        } else if (name == "authorizedkeyscommand" && value != "none") {
            settings.asks_a_program = true;
        }
    }
    return settings;
}

std::vector<std::string> key_files_of(const User& user, const SshdSettings& settings) {
    std::vector<std::string> files;
    for (const auto& configured : settings.key_files) {
        const auto path = expanded(configured, user);
        files.push_back(path.starts_with('/') ? path : user.home + "/" + path);
    }
    return files;
}

}  // namespace snapferry
