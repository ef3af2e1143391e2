#include "snapferry/core/access/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "snapferry/core/text/escape.h"

namespace snapferry {
namespace {

constexpr std::uint32_t group_may_write = 0020;
constexpr std::uint32_t others_may_write = 0002;
constexpr auto any_tag = "TAG";

bool others_can_write(const GuardedPlace& place) {
    return (place.mode & others_may_write) != 0 ||
           ((place.mode & group_may_write) != 0 && place.group != 0);
}

/// `owner` and `name`: of whom it should be, besides root.
std::optional<Finding> judge_place(const GuardedPlace& place, std::uint32_t owner,
                                   const std::string& name) {
    if (place.owner != 0 && place.owner != owner) {
        return Finding{
            CheckState::critical,
            fmt::format("{0} belongs to user {1}, who decides with it who may do what here; look "
                        "what is in it, then: chown {2}: {0}",
                        place.path, place.owner, name)};
    }
    if (others_can_write(place)) {
        return Finding{
            CheckState::critical,
            fmt::format("{0} can be written by others, who decide with it who may do what here; "
                        "look what is in it, then: chmod go-w {0}",
                        place.path)};
    }
    return std::nullopt;
}

class Judge {
  public:
    Judge(const Account& account, const std::string& program)
        : account_(account), name_(escape_text(account.name)), program_(program) {}

    std::vector<Finding> run() {
        for (const auto& grant : account_.grants) {
            look_at(grant);
        }
        for (const auto& file : account_.key_files) {
            for (const auto& place : file.places) {
                if (auto finding = judge_place(place, account_.id, name_)) {
                    findings_.push_back(std::move(*finding));
                }
            }
            for (const auto& key : file.keys) {
                look_at(key, fmt::format("{} line {}", file.path, key.number));
            }
        }
        return std::move(findings_);
    }

  private:
    [[nodiscard]] bool is_root() const { return account_.id == 0; }

    void tell(CheckState state, std::string text) { findings_.push_back({state, std::move(text)}); }

    [[nodiscard]] std::string rule_for(const std::string& program, const std::string& tag) const {
        return fmt::format("{} ALL=(root) NOPASSWD: {} {}", name_, escape_text(program), tag);
    }

    void look_at(const SudoGrant& grant) {
        using Kind = GrantMeaning::Kind;
        if (is_root()) {
            return;  // what sudo lets root do, root can do anyway
        }
        const auto meaning = meaning_of(grant);
        switch (meaning.kind) {
            case Kind::one_tag:
                allowed_.insert({meaning.program, meaning.tag});
                look_at_manner(grant);
                return;
            case Kind::any_arguments:
                tell(CheckState::critical,
                     fmt::format(
                         "sudo lets {} give {} any arguments; end the rule with the one tag: "
                         "{}",
                         name_, escape_text(meaning.program), rule_for(meaning.program, any_tag)));
                return;
            case Kind::wildcard:
                tell(CheckState::critical,
                     fmt::format(
                         "sudo lets {} run what a pattern matches ({}); write a rule for each "
                         "tag instead: {}",
                         name_, escape_text(grant.command), rule_for(program_, any_tag)));
                return;
            case Kind::anything:
                tell(CheckState::critical,
                     fmt::format("sudo lets {}, whom the sender logs in as, run anything; give the "
                                 "receiver a user of its own, with this rule alone: backups "
                                 "ALL=(root) NOPASSWD: {} {}",
                                 name_, escape_text(program_), any_tag));
                return;
            case Kind::no_tag:
                tell(CheckState::warning,
                     fmt::format(
                         "sudo's rule for {} names no tag ({}), so nothing is received by it; "
                         "it should be: {}",
                         name_, escape_text(grant.command), rule_for(meaning.program, any_tag)));
                return;
            case Kind::other:
                tell(CheckState::warning,
                     fmt::format("sudo also lets {}, whom the sender logs in as, run {}; give the "
                                 "receiver a user of its own",
                                 name_, escape_text(grant.command)));
                return;
        }
    }

    void look_at_manner(const SudoGrant& grant) {
        if (grant.asks_for_password) {
            tell(CheckState::warning,
                 fmt::format(
                     "sudo asks {} for a password before {}, and nobody is there to give it; "
                     "put NOPASSWD: before the command",
                     name_, escape_text(grant.command)));
        }
        if (grant.may_set_environment) {
            tell(CheckState::critical,
                 fmt::format("sudo lets {} choose the environment of {}; take SETENV away", name_,
                             escape_text(grant.command)));
        }
    }

    void look_at(const KeyLine& key, const std::string& place) {
        using Kind = ForcedCommand::Kind;
        const auto& command = account_.forced_by_sshd ? account_.forced_by_sshd : key.command;
        if (!key.understood) {
            tell(CheckState::unknown,
                 fmt::format("{}: this line is not understood, so what its key may do is not known",
                             place));
            return;
        }
        if (!command) {
            look_at_shell(place);
            return;
        }
        const auto forced = parse_forced_command(*command);
        switch (forced.kind) {
            case Kind::client_decides:
                tell(CheckState::critical,
                     fmt::format("{}: this key runs what its owner asks for; write before it {} "
                                 "instead",
                                 place, own_options()));
                return;
            case Kind::other:
                if (!is_root()) {
                    tell(CheckState::warning,
                         fmt::format(
                             "{}: this key starts something other than snapshot-receive with "
                             "a tag ({}), and what it may do is not known here",
                             place, escape_text(*command)));
                }
                return;
            case Kind::receives:
                look_at_receiving(key, forced, place);
                return;
        }
    }

    void look_at_shell(const std::string& place) {
        if (!is_root()) {
            tell(CheckState::critical,
                 fmt::format("{}: this key has a shell here; write before it {}", place,
                             own_options()));
        }
    }

    void look_at_receiving(const KeyLine& key, const ForcedCommand& forced,
                           const std::string& place) {
        const auto before = findings_.size();
        if (!key.restricted) {
            tell(CheckState::warning,
                 fmt::format("{}: this key may forward ports and have a terminal; write restrict, "
                             "before command=",
                             place));
        }
        for (const auto& allowed : key.allowed) {
            tell(CheckState::warning,
                 fmt::format("{}: this key is allowed {}; take that away", place, allowed));
        }
        if (!is_root() && !forced.by_sudo) {
            tell(CheckState::warning,
                 fmt::format("{}: without sudo this key starts a receiver that is not root; write "
                             "before it {}",
                             place, key_options(forced.program, forced.tag, true)));
        } else if (!is_root() && !is_allowed(forced)) {
            tell(CheckState::warning,
                 fmt::format(
                     "{}: this key is for {}, and sudo has no rule for that; it would be: {}",
                     place, forced.tag, rule_for(path_of(forced), forced.tag)));
        }
        if (findings_.size() == before) {
            tell(CheckState::ok,
                 fmt::format("{}: this key can only send to {}", place, forced.tag));
        }
    }

    /// sudo looks a name without a path up; where it finds it is not known here.
    [[nodiscard]] bool is_allowed(const ForcedCommand& forced) const {
        return std::any_of(allowed_.begin(), allowed_.end(), [&](const auto& allowed) {
            return allowed.second == forced.tag &&
                   (forced.program == "snapshot-receive" || allowed.first == forced.program);
        });
    }

    [[nodiscard]] std::string path_of(const ForcedCommand& forced) const {
        return forced.program == "snapshot-receive" ? program_ : forced.program;
    }

    /// For a key that has none, or others: with the tag where only one can be meant.
    [[nodiscard]] std::string own_options() const {
        return allowed_.size() == 1
                   ? key_options(allowed_.begin()->first, allowed_.begin()->second, !is_root())
                   : key_options(program_, any_tag, !is_root());
    }

    const Account& account_;
    std::string name_;
    const std::string& program_;
    std::set<std::pair<std::string, std::string>> allowed_;  ///< program and tag
    std::vector<Finding> findings_;
};

}  // namespace

std::string key_options(const std::string& program, const std::string& tag, bool by_sudo) {
    return fmt::format("restrict,command=\"{}{} {}\"", by_sudo ? "sudo -n " : "", program, tag);
}

std::vector<Finding> judge_account(const Account& account, const std::string& program) {
    return Judge(account, program).run();
}

std::vector<Finding> judge_places_of_root(const std::vector<GuardedPlace>& places) {
    std::vector<Finding> findings;
    for (const auto& place : places) {
        if (auto finding = judge_place(place, 0, "root")) {
            findings.push_back(std::move(*finding));
        }
    }
    return findings;
}

}  // namespace snapferry
