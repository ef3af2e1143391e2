#include "snapferry/core/setup/sender/known_host_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/ssh/known_hosts.h"
#include "snapferry/core/text/split.h"

namespace snapferry::setup {
namespace {

constexpr unsigned usual_port = 22;

struct HostLine {
    std::string names;
    std::string type;
    std::string key;
};

/// Without names for a comment, and for a line with a marker before them.
HostLine parse_line(std::string_view line) {
    HostLine parsed;
    std::istringstream fields{std::string(content_of(line))};
    fields >> parsed.names >> parsed.type >> parsed.key;
    return parsed.names.starts_with('#') || parsed.names.starts_with('@') ? HostLine{} : parsed;
}

bool is_for(const HostLine& line, std::string_view name) {
    const auto names = split(line.names, ',');
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string known_host_name(std::string_view host, unsigned port) {
    std::string name(host);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char character) {
        return static_cast<char>(std::tolower(character));
    });
    return port == usual_port ? name : fmt::format("[{}]:{}", name, port);
}

KnownHostLook look_for_host_keys(std::string_view known_hosts, std::string_view name,
                                 std::span<const std::string> keys) {
    KnownHostLook look;
    look.missing.reserve(keys.size());
    for (const auto& key : keys) {
        const auto wanted = parse_line(fmt::format("{} {}", name, key));
        if (is_revoked(known_hosts, wanted.key)) {
            look.revoked_type = wanted.type;
        }
        bool is_there = false;
        for (const auto text : lines_of(known_hosts)) {
            const auto line = parse_line(text);
            if (is_for(line, name) && line.type == wanted.type) {
                is_there = is_there || line.key == wanted.key;
                look.other_type = line.key == wanted.key ? look.other_type : wanted.type;
            }
        }
        if (!is_there) {
            look.missing.push_back(fmt::format("{} {}", name, key));
        }
    }
    return look;
}

std::string with_host_lines(std::string_view known_hosts, std::span<const std::string> lines) {
    std::string text(known_hosts);
    for (const auto& line : lines) {
        text = with_line(text, line);
    }
    return text;
}

std::string without_host(std::string_view known_hosts, std::string_view name) {
    return without_lines(known_hosts,
                         [&](std::string_view line) { return parse_line(line).names == name; });
}

}  // namespace snapferry::setup
