#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "../command.h"
#include "snapferry/core/setup/plan.h"

/// What the commands that set a machine up have in common.
namespace snapferry::commands {

/// `snapferry setup`, which has commands of its own; made by the first that asks.
CLI::App& setup_command(CLI::App& app);

/// Throws Failure (configuration) where a step is blocked, naming the first. `who`: where the plan
/// is of another machine, "pi.lan says: ".
void refuse_blocked(const setup::Plan& plan, const std::string& who = {});

/// Asks once on the terminal. Throws Failure (configuration) where nobody says yes, or there is no
/// terminal to ask on. `question`: "Change this machine so?"
void require_agreement(const std::string& question, bool yes);

bool has_terminal();

bool is_yes(const std::string& answer);

/// A line from the terminal; empty at its end.
std::string ask_line(const std::string& question);

}  // namespace snapferry::commands
