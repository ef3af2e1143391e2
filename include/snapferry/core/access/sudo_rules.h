#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What sudo lets somebody run, as cvtsudoers(1) tells it in JSON with its aliases expanded.
namespace snapferry {

struct SudoGrant {
    std::vector<std::string> users;  ///< "backups", "#1000", "%group", "ALL"
    std::string command;             ///< a path, perhaps with arguments; or "ALL"
    bool asks_for_password = true;
    bool may_set_environment = false;
};

/// What is denied is left out. Throws Failure (configuration) where the text is not what cvtsudoers
/// writes.
std::vector<SudoGrant> parse_sudo_rules(std::string_view json);

/// What a grant is to the receiver.
struct GrantMeaning {
    enum class Kind {
        one_tag,        ///< snapshot-receive with one tag: as it should be
        any_arguments,  ///< snapshot-receive, and sudo does not say with what
        wildcard,  ///< its arguments or its path are a pattern, which matches more than it seems
        no_tag,    ///< snapshot-receive with something that is no tag: it receives nothing
        anything,  ///< every command
        other,     ///< another command
    };
    Kind kind = Kind::other;
    std::string program;
    std::string tag;  ///< of one_tag
};

GrantMeaning meaning_of(const SudoGrant& grant);

}  // namespace snapferry
