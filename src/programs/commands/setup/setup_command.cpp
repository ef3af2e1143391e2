#include "setup_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "../surroundings.h"
#include "snapferry/core/failure.h"

namespace snapferry::commands {

CLI::App& setup_command(CLI::App& app) {
    const auto made =
        app.get_subcommands([](const CLI::App* command) { return command->get_name() == "setup"; });
    if (!made.empty()) {
        return *made.front();
    }
    auto* const command = app.add_subcommand(
        "setup", "make this machine receive, or send, or take that back; shows it and asks before");
    command->require_subcommand(1);
    return *command;
}

void refuse_blocked(const setup::Plan& plan, const std::string& who) {
    for (const auto& step : plan.steps) {
        if (step.state == setup::Step::State::blocked) {
            throw Failure(
                ExitCode::configuration,
                fmt::format("nothing was changed: {}cannot {}: {}", who, step.what, step.why),
                step.advice);
        }
    }
}

bool has_terminal() {
    return ::isatty(STDIN_FILENO) == 1;
}

std::string ask_line(const std::string& question) {
    print(question);
    std::string answer;
    std::getline(std::cin, answer);
    return answer;
}

bool is_yes(const std::string& answer) {
    return answer == "y" || answer == "Y" || answer == "yes";
}

void require_agreement(const std::string& question, bool yes) {
    if (yes) {
        return;
    }
    if (!has_terminal()) {
        throw Failure(ExitCode::configuration,
                      "nothing was changed: there is no terminal to ask on",
                      "look at what is shown with --plan, and say --yes");
    }
    const auto answer = ask_line(question + " [y/N] ");
    if (!is_yes(answer)) {
        print(answer.empty() ? "\n" : "");
        throw Failure(ExitCode::configuration, "nothing was changed: nobody said yes",
                      "answer y, or say --yes");
    }
}

}  // namespace snapferry::commands
