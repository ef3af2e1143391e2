#include "snapferry/core/setup/sshd_login.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "snapferry/core/text/split.h"

namespace snapferry::setup {
namespace {

struct Setting {
    std::string_view name;
    std::string_view value;
};

std::vector<Setting> settings_in(std::string_view text) {
    const auto lines = split(text, '\n');
    std::vector<Setting> settings;
    settings.reserve(lines.size());
    for (const auto line : lines) {
        const auto name = line.substr(0, line.find(' '));
        settings.push_back({name, line.substr(std::min(name.size() + 1, line.size()))});
    }
    return settings;
}

/// With * and ?; what stands behind an @ is not looked at.
bool matches(std::string_view pattern, std::string_view name) {
    pattern = pattern.substr(0, pattern.find('@'));
    std::size_t at = 0;
    std::size_t in_name = 0;
    std::size_t star = std::string_view::npos;
    std::size_t behind_star = 0;
    while (in_name < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            behind_star = in_name;
        } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == name[in_name])) {
            ++at;
            ++in_name;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in_name = ++behind_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', std::min(at, pattern.size())) == std::string_view::npos;
}

/// "NAME VALUE ..." of all settings of that name; empty where there is none.
std::string whole_setting(const std::vector<Setting>& settings, std::string_view name) {
    std::string whole;
    for (const auto& setting : settings) {
        if (setting.name == name) {
            whole += whole.empty() ? std::string(name) + " " : " ";
            whole += setting.value;
        }
    }
    return whole;
}

/// Whether a pattern of that setting fits one of the names.
bool fits(const std::vector<Setting>& settings, std::string_view name,
          std::span<const std::string> names) {
    return std::ranges::any_of(settings, [&](const Setting& setting) {
        const auto patterns = split(setting.value, ' ');
        return setting.name == name && std::ranges::any_of(patterns, [&](std::string_view pattern) {
                   return std::ranges::any_of(
                       names, [&](const std::string& one) { return matches(pattern, one); });
               });
    });
}

}  // namespace

SshdFacts parse_sshd_facts(std::string_view text) {
    SshdFacts facts;
    for (const auto& setting : settings_in(text)) {
        unsigned port = 0;
        const auto* const end = setting.value.data() + setting.value.size();
        if (setting.name == "port" && std::from_chars(setting.value.data(), end, port).ptr == end) {
            facts.ports.push_back(port);
        } else if (setting.name == "hostkey" && setting.value.starts_with('/')) {
            facts.host_keys.emplace_back(setting.value);
        }
    }
    if (facts.ports.empty()) {
        facts.ports = {22};
    }
    if (facts.host_keys.empty()) {
        facts.host_keys = {"/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ecdsa_key",
                           "/etc/ssh/ssh_host_rsa_key"};
    }
    return facts;
}

std::optional<std::string> setting_against_login(std::string_view text, std::string_view user,
                                                 std::span<const std::string> groups) {
    const auto settings = settings_in(text);
    const std::array self{std::string(user)};
    if (const auto keys = whole_setting(settings, "pubkeyauthentication");
        keys == "pubkeyauthentication no") {
        return keys;
    }
    if (fits(settings, "denyusers", self)) {
        return whole_setting(settings, "denyusers");
    }
    if (auto allowed = whole_setting(settings, "allowusers");
        !allowed.empty() && !fits(settings, "allowusers", self)) {
        return allowed;
    }
    if (fits(settings, "denygroups", groups)) {
        return whole_setting(settings, "denygroups");
    }
    if (auto allowed = whole_setting(settings, "allowgroups");
        !allowed.empty() && !fits(settings, "allowgroups", groups)) {
        return allowed;
    }
    return std::nullopt;
}

bool has_listener(std::string_view proc_net_tcp, unsigned port) {
    constexpr std::size_t local_address = 1;  // words, counted from 0; proc(5)
    constexpr std::size_t state = 3;
    constexpr std::string_view listens = "0A";
    const auto end = fmt::format(":{:04X}", port);
    return std::ranges::any_of(split(proc_net_tcp, '\n'), [&](std::string_view line) {
        std::vector<std::string_view> words;
        for (const auto word : split(line, ' ')) {
            if (!word.empty()) {
                words.push_back(word);
            }
        }
        return words.size() > state && words[local_address].ends_with(end) &&
               words[state] == listens;
    });
}

}  // namespace snapferry::setup
