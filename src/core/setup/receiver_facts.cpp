#include "snapferry/core/setup/receiver_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "json_fields.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/setup/public_key.h"
#include "snapferry/core/setup/user_name.h"

namespace snapferry::setup {
namespace {

constexpr unsigned usual_port = 22;
constexpr std::int64_t largest_port = 65535;

std::vector<unsigned> ports_in(const Json& json) {
    const auto& list = list_in(json, "ports");
    std::vector<unsigned> ports;
    ports.reserve(list.size());
    for (const auto& value : list) {
        const auto port = value.is_number_integer() ? value.get<std::int64_t>() : 0;
        if (port < 1 || port > largest_port) {
            refuse_message("a port is none");
        }
        ports.push_back(static_cast<unsigned>(port));
    }
    return ports;
}

/// As type and base64 text, without the comment.
std::vector<std::string> keys_in(const Json& json) {
    auto lines = texts_in(json, "host_keys");
    for (auto& line : lines) {
        try {
            auto key = parse_public_key(line);
            key.comment.clear();
            line = key.line();
        } catch (const Failure&) {
            refuse_message("a host key is none");
        }
    }
    return lines;
}

std::string path_in(const Json& json, const char* name, bool may_be_empty) {
    auto path = text_in(json, name);
    const bool is_path = path.starts_with('/') && path.find('\n') == std::string::npos;
    if (!is_path && !(path.empty() && may_be_empty)) {
        refuse_message("a path is none");
    }
    return path;
}

/// What stands for itself on a command line.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.front() != '-' &&
           std::ranges::all_of(name, [](unsigned char character) {
               return std::isalnum(character) != 0 || character == '.' || character == '-';
           });
}

/// The key that the sender asks for first, where the receiver has one.
const std::string* preferred_key(const ReceiverFacts& facts) {
    for (const auto& line : facts.host_keys) {
        if (line.starts_with("ssh-ed25519 ")) {
            return &line;
        }
    }
    return facts.host_keys.empty() ? nullptr : &facts.host_keys.front();
}

}  // namespace

std::string to_json(const ReceiverFacts& facts) {
    return line_of({{"version", message_version},
                    {"user", facts.user},
                    {"ports", facts.ports},
                    {"host_keys", facts.host_keys},
                    {"target_dir", facts.target_dir},
                    {"program", facts.program},
                    {"host_name", facts.host_name}});
}

ReceiverFacts receiver_facts_from_json(std::string_view line) {
    const auto json = parse_message(line);
    ReceiverFacts facts;
    facts.user = text_in(json, "user");
    if (!is_user_name(facts.user)) {
        refuse_message("the name of the user is none");
    }
    facts.ports = ports_in(json);
    facts.host_keys = keys_in(json);
    facts.target_dir = path_in(json, "target_dir", true);
    facts.program = path_in(json, "program", false);
    facts.host_name = text_in(json, "host_name");
    return facts;
}

std::string sender_command(const ReceiverFacts& facts, const std::string& tag) {
    auto command =
        fmt::format("snapferry setup sender {} --tag {} --user {}",
                    is_plain_name(facts.host_name) ? facts.host_name : "HOST", tag, facts.user);
    if (!facts.ports.empty() && facts.ports.front() != usual_port) {
        command += fmt::format(" --port {}", facts.ports.front());
    }
    if (const auto* const key = preferred_key(facts)) {
        command += " --fingerprint " + fingerprint_of(parse_public_key(*key));
    }
    return command;
}

}  // namespace snapferry::setup
