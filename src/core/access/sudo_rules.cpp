#include "snapferry/core/access/sudo_rules.h"

#include <nlohmann/json.hpp>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/tag.h"

namespace snapferry {
namespace {

using nlohmann::json;

[[noreturn]] void refuse() {
    throw Failure(ExitCode::configuration, "what cvtsudoers says of sudo's rules is not understood",
                  "look yourself: sudo -l -U USER");
}

/// The list of that name; an empty one where there is none.
const json& list_in(const json& object, const char* name) {
    static const json none = json::array();
    if (!object.is_object()) {
        refuse();
    }
    const auto found = object.find(name);
    if (found == object.end()) {
        return none;
    }
    if (!found->is_array()) {
        refuse();
    }
    return *found;
}

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_negated(const json& object) {
    const auto found = object.find("negated");
    return found != object.end() && *found == true;
}

/// An option that stands in a list as { "name": true }.
bool has_option(const json& options, const char* name, bool otherwise) {
    for (const auto& option : options) {
        const auto found = option.is_object() ? option.find(name) : option.end();
        if (option.is_object() && found != option.end()) {
            return *found == true;
        }
    }
    return otherwise;
}

std::vector<std::string> users_in(const json& specification) {
    std::vector<std::string> users;
    for (const auto& user : list_in(specification, "User_List")) {
        if (!user.is_object() || is_negated(user)) {
            continue;
        }
        if (const auto name = text_in(user, "username"); !name.empty()) {
            users.push_back(name);
        } else if (const auto group = text_in(user, "usergroup"); !group.empty()) {
            users.push_back("%" + group);
        } else if (const auto id = user.find("userid");
                   id != user.end() && id->is_number_unsigned()) {
            users.push_back("#" + std::to_string(id->get<std::uint64_t>()));
        }
    }
    return users;
}

}  // namespace

std::vector<SudoGrant> parse_sudo_rules(std::string_view text) {
    const auto rules = json::parse(text, nullptr, false);
    if (!rules.is_object()) {
        refuse();
    }
    std::vector<SudoGrant> grants;
    for (const auto& specification : list_in(rules, "User_Specs")) {
        const auto users = users_in(specification);
        for (const auto& commands : list_in(specification, "Cmnd_Specs")) {
            const auto& options = list_in(commands, "Options");
            for (const auto& command : list_in(commands, "Commands")) {
                if (!command.is_object() || is_negated(command)) {
                    continue;
                }
                grants.push_back({users, text_in(command, "command"),
                                  has_option(options, "authenticate", true),
                                  has_option(options, "setenv", false)});
            }
        }
    }
    return grants;
}

GrantMeaning meaning_of(const SudoGrant& grant) {
    using Kind = GrantMeaning::Kind;
    constexpr auto name = std::string_view("snapshot-receive");
    constexpr auto patterns = "*?[]\\^$!";
    if (grant.command == "ALL") {
        return {Kind::anything, {}, {}};
    }
    const auto end = grant.command.find(' ');
    const auto program = grant.command.substr(0, end);
    const auto arguments = end == std::string::npos ? "" : grant.command.substr(end + 1);
    const auto file = program.substr(program.rfind('/') + 1);
    const bool is_pattern = program.find_first_of(patterns) != std::string::npos;
    if (file != name) {
        // A directory means all that lies in it; a pattern may match anything.
        return {file.empty() || is_pattern ? Kind::wildcard : Kind::other, program, {}};
    }
    if (end == std::string::npos) {
        return {Kind::any_arguments, program, {}};
    }
    if (is_pattern || arguments.find_first_of(patterns) != std::string::npos) {
        return {Kind::wildcard, program, {}};
    }
    const bool is_tag = Tag::is_tag(arguments);
    return {is_tag ? Kind::one_tag : Kind::no_tag, program, is_tag ? arguments : ""};
}

}  // namespace snapferry
