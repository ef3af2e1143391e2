#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "../steps/system.h"
#include "receiver_tasks.h"
#include "snapferry/core/access/sudo_rules.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/setup/sudo_lines.h"
#include "snapferry/core/setup/text/text_lines.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/last_lines.h"
#include "snapferry/sys/config/careful_edit.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/processes/program_output.h"

namespace snapferry::setup {
namespace {

constexpr auto main_file = "/etc/sudoers";
constexpr auto directory = "/etc/sudoers.d";

/// visudo tells of each file that it is well, too.
std::string complaints_in(const std::string& said) {
    LastLines complaints;
    const auto rest =
        without_lines(said, [](std::string_view line) { return line.ends_with("parsed OK"); });
    complaints.push(std::as_bytes(std::span(rest)));
    return complaints.text();
}

void require_sound(const std::filesystem::path& file) {
    const auto answer = ask("visudo", {"-c", "-f", file.native()});
    if (!answer.succeeded) {
        throw Failure(ExitCode::configuration,
                      fmt::format("visudo refuses the new {}: {}", sudo_rules_file,
                                  complaints_in(answer.text)),
                      "nothing was changed; write the rule by hand: visudo -f " +
                          std::string(sudo_rules_file));
    }
}

class SudoTask : public Task {
  public:
    explicit SudoTask(const ReceiverWishes& wishes) : wishes_(wishes) {}

    [[nodiscard]] Step look() const override {
        Step step{"sudo_rule",
                  fmt::format("{} may start the receiver of {} as root, and nothing else",
                              wishes_.user, wishes_.tag.text()),
                  sudo_rules_file,
                  {},
                  {},
                  {},
                  {}};
        try {
            return look_at_rules(step);
        } catch (const Failure& failure) {
            return blocked(step, failure.what(), failure.hint());
        }
    }

    void carry_out() override {
        sys::edit_carefully(
            sudo_rules_file, 0440, [&](const std::string& text) { return changed(text); },
            require_sound,
            [&] {
                require_sound_sudoers();
                require_allowed();
            });
    }

  private:
    [[nodiscard]] std::string rule() const {
        return sudo_rule(wishes_.user, receiver_program().native(), wishes_.tag.text());
    }

    [[nodiscard]] std::string changed(const std::string& text) const {
        return with_sudo_rule(without_sudo_rules_of(text, wishes_.tag.text()), rule());
    }

    [[nodiscard]] bool is_allowed() const {
        return is_allowed_by_sudo(wishes_.user, receiver_program().native(), wishes_.tag.text());
    }

    void require_allowed() const {
        if (!is_allowed()) {
            throw Failure(ExitCode::configuration,
                          fmt::format("sudo does not go by {}", sudo_rules_file),
                          fmt::format("see what it goes by: sudo -l -U {}", wishes_.user));
        }
    }

    [[nodiscard]] Step look_at_rules(Step step) const {
        const auto program = receiver_program();
        sys::require_root_only(program);
        require_sound_sudoers();
        if (is_allowed()) {
            return done(step);
        }
        const auto text = text_of(sudo_rules_file);
        step.shown = changes_between(text, changed(text));
        if (sys::kind_of(directory) != sys::EntryKind::directory ||
            !includes_directory(text_of(main_file), directory)) {
            return blocked(
                step, fmt::format("{} does not include {}", main_file, directory),
                fmt::format("add this line to it with visudo: @includedir {}", directory));
        }
        if (const auto why = why_not_to_edit(sudo_rules_file)) {
            return blocked(step, fmt::format("{} is left as it is: {}", sudo_rules_file, *why),
                           "add the rule by hand with visudo");
        }
        return step;
    }

    const ReceiverWishes& wishes_;
};

}  // namespace

void require_sound_sudoers() {
    const auto answer = ask("visudo", {"-c"});
    if (!answer.succeeded) {
        throw Failure(ExitCode::configuration,
                      fmt::format("sudo's rules are not sound: {}", complaints_in(answer.text)),
                      "mend them with visudo first");
    }
}

bool is_allowed_by_sudo(const std::string& user, const std::string& program,
                        const std::string& tag) {
    const auto grants =
        parse_sudo_rules(sys::output_of("cvtsudoers", {"-e", "-f", "json", main_file}));
    return std::ranges::any_of(grants, [&](const SudoGrant& grant) {
        const auto meaning = meaning_of(grant);
        return meaning.kind == GrantMeaning::Kind::one_tag && meaning.program == program &&
               meaning.tag == tag && !grant.asks_for_password &&
               std::ranges::find(grant.users, user) != grant.users.end();
    });
}

std::unique_ptr<Task> sudo_task(const ReceiverWishes& wishes) {
    return std::make_unique<SudoTask>(wishes);
}

}  // namespace snapferry::setup
