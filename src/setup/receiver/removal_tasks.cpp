#include "removal_tasks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/access/sudo_rules.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/key_lines.h"
#include "snapferry/core/setup/sudo_lines.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/setup/text/toml_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/config/toml_change.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/program_output.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::setup {
namespace {

constexpr auto usual_user = "backups";

std::vector<SudoGrant> grants() {
    return parse_sudo_rules(sys::output_of("cvtsudoers", {"-e", "-f", "json", "/etc/sudoers"}));
}

bool is_of_tag(const SudoGrant& grant, const Tag& tag) {
    const auto meaning = meaning_of(grant);
    return meaning.kind == GrantMeaning::Kind::one_tag && meaning.tag == tag.text();
}

/// One file that loses the lines of the tag.
class LinesRemoval : public Task {
  public:
    explicit LinesRemoval(Removal removal) : removal_(std::move(removal)) {}

    [[nodiscard]] Step look() const override {
        auto step = named();
        try {
            const auto file = path();
            step.where = escape_text(file.native());
            const auto text = sys::kind_of(file) ? text_of(file) : "";
            step.shown = changes_between(text, without(text));
            if (step.shown.empty()) {
                done(step);
                judge_rest(step);
                return step;
            }
            if (const auto why = why_not_to_edit(file)) {
                return blocked(step, fmt::format("{} is left as it is: {}", step.where, *why),
                               "take these lines out by hand");
            }
        } catch (const Failure& failure) {
            return blocked(step, failure.what(), failure.hint());
        }
        return step;
    }

    void carry_out() override {
        sys::edit_carefully(
            path(), 0644, [&](const std::string& text) { return without(text); },
            [&](const std::filesystem::path& candidate) { check(candidate); },
            [&] { check_all(); });
    }

  protected:
    [[nodiscard]] const Removal& removal() const { return removal_; }
    [[nodiscard]] virtual Step named() const = 0;
    [[nodiscard]] virtual std::filesystem::path path() const = 0;
    [[nodiscard]] virtual std::string without(const std::string& text) const = 0;

    /// Of a file that has no such lines any more: whether they may be elsewhere.
    virtual void judge_rest(Step& /*step*/) const {}
    virtual void check(const std::filesystem::path& /*candidate*/) const {}
    virtual void check_all() const {}

  private:
    Removal removal_;
};

class KeyRemoval : public LinesRemoval {
  public:
    using LinesRemoval::LinesRemoval;

  protected:
    [[nodiscard]] Step named() const override {
        return {
            "key", fmt::format("no key sends to {} any more", removal().tag.text()), {}, {}, {}, {},
            {}};
    }
    [[nodiscard]] std::filesystem::path path() const override {
        const auto user = user_named(removal().user);
        return user ? key_file_of(*user)
                    : std::filesystem::path("/var/lib/" + removal().user + "/.ssh/authorized_keys");
    }
    [[nodiscard]] std::string without(const std::string& text) const override {
        return without_key_lines_of(text, removal().tag.text());
    }
};

class SudoRemoval : public LinesRemoval {
  public:
    using LinesRemoval::LinesRemoval;

  protected:
    [[nodiscard]] Step named() const override {
        return {
            "sudo_rule",
            fmt::format("sudo lets nobody start the receiver of {} any more", removal().tag.text()),
            {},
            {},
            {},
            {},
            {}};
    }
    [[nodiscard]] std::filesystem::path path() const override { return sudo_rules_file; }
    [[nodiscard]] std::string without(const std::string& text) const override {
        auto rest = without_sudo_rules_of(text, removal().tag.text());
        return has_sudo_rules(rest) || rest == text ? rest : "";
    }
    void judge_rest(Step& step) const override {
        const auto rules = grants();
        const auto other = std::ranges::find_if(
            rules, [&](const SudoGrant& grant) { return is_of_tag(grant, removal().tag); });
        if (other != rules.end()) {
            blocked(step,
                    fmt::format("a rule that was written by hand lets somebody run {}",
                                escape_text(other->command)),
                    "take it out with visudo (grep -r snapshot-receive /etc/sudoers*)");
        }
    }
    void check(const std::filesystem::path& candidate) const override {
        have_done("take the rule out", "visudo", {"-c", "-q", "-f", candidate.native()});
    }
    void check_all() const override { require_sound_sudoers(); }
};

class ConfigurationRemoval : public LinesRemoval {
  public:
    using LinesRemoval::LinesRemoval;

  protected:
    [[nodiscard]] Step named() const override {
        return {"configuration",
                fmt::format("no entry of {}", removal().tag.text()),
                {},
                {},
                {},
                {},
                {}};
    }
    [[nodiscard]] std::filesystem::path path() const override { return receive::config_path; }
    [[nodiscard]] std::string without(const std::string& text) const override {
        const TomlTable table{"tags", removal().tag.text()};
        auto rest = without_table(text, table);
        if (rest != text) {
            sys::require_same_but_for(text, rest, {table}, receive::config_path);
        }
        return rest;
    }
    void check(const std::filesystem::path& candidate) const override {
        (void)receive::load_config(candidate);
    }
};

/// Only a user that was made for this, and has nothing else, goes with its last tag.
class AccountRemoval : public Task {
  public:
    explicit AccountRemoval(Removal removal) : removal_(std::move(removal)) {}

    [[nodiscard]] Step look() const override {
        Step step{"account", fmt::format("no user {}", removal_.user), {}, {}, {}, {}, {}};
        const auto user = user_named(removal_.user);
        if (!user) {
            return done(step);
        }
        step.where = escape_text(user->home);
        if (const auto why = why_to_stay(*user); !why.empty()) {
            return left(step, why, "");
        }
        step.shown = {fmt::format("$ rm -r {}/.ssh", step.where),
                      fmt::format("$ rmdir {}", step.where), "$ userdel " + removal_.user};
        return step;
    }

    void carry_out() override {
        const auto user = user_named(removal_.user);
        if (!user) {
            return;
        }
        sys::delete_tree(user->home + "/.ssh", ExitCode::configuration);
        if (::rmdir(user->home.c_str()) != 0 && errno != ENOENT) {
            throw sys::system_failure(ExitCode::configuration, "delete " + escape_text(user->home));
        }
        have_done(fmt::format("remove the user {}", removal_.user), "userdel", {removal_.user});
    }

  private:
    [[nodiscard]] std::string why_to_stay(const User& user) const {
        if (user.home != "/var/lib/" + user.name) {
            return fmt::format("{} was not made by this, and stays", user.name);
        }
        for (const auto& entry : sys::entries_of("/usr/lib/sysusers.d", ExitCode::configuration)) {
            if (entry.name.starts_with("snapferry")) {
                return fmt::format("{} belongs to the installed package, and stays", user.name);
            }
        }
        const auto file = key_file_of(user);
        const auto text = sys::kind_of(file) ? text_of(file) : "";
        if (has_keys(without_key_lines_of(text, removal_.tag.text())) ||
            has_other_rules(user.name)) {
            return fmt::format("{} has other keys or rules, and stays", user.name);
        }
        const auto in_home = sys::entries_of(user.home, ExitCode::configuration);
        const auto in_ssh = sys::entries_of(user.home + "/.ssh", ExitCode::configuration);
        const bool is_bare =
            std::ranges::all_of(in_home, [](const auto& entry) { return entry.name == ".ssh"; }) &&
            std::ranges::all_of(in_ssh, [&](const auto& entry) {
                return entry.name == "authorized_keys" || sys::is_left_of_edit(entry.path, file);
            });
        return is_bare ? "" : fmt::format("there are other files in {}", escape_text(user.home));
    }

    [[nodiscard]] bool has_other_rules(const std::string& name) const {
        return std::ranges::any_of(grants(), [&](const SudoGrant& grant) {
            return std::ranges::find(grant.users, name) != grant.users.end() &&
                   !is_of_tag(grant, removal_.tag);
        });
    }

    Removal removal_;
};

}  // namespace

Removal removal_of(const Tag& tag, const std::string& user) {
    if (!user.empty()) {
        return {tag, user};
    }
    for (const auto& grant : grants()) {
        if (is_of_tag(grant, tag) && !grant.users.empty()) {
            return {tag, grant.users.front()};
        }
    }
    return {tag, usual_user};
}

std::unique_ptr<Task> key_removal(const Removal& removal) {
    return std::make_unique<KeyRemoval>(removal);
}

std::unique_ptr<Task> sudo_removal(const Removal& removal) {
    return std::make_unique<SudoRemoval>(removal);
}

std::unique_ptr<Task> configuration_removal(const Removal& removal) {
    return std::make_unique<ConfigurationRemoval>(removal);
}

std::unique_ptr<Task> account_removal(const Removal& removal) {
    return std::make_unique<AccountRemoval>(removal);
}

}  // namespace snapferry::setup
