#pragma once

#include <string>

namespace snapferry::sys {

/// Whether the program was started from a terminal, on which somebody can be asked.
bool has_terminal();

/// Asks on the terminal that the program was started from, whatever its standard descriptors are.
/// What is typed, without the blanks around it; empty for an empty line and at its end. Throws
/// Failure (configuration) where there is no terminal: `otherwise` is what to do then.
std::string ask_on_terminal(const std::string& question, const std::string& otherwise);

/// The same for a question that is answered with y or n; no is meant where nothing is typed.
bool ask_whether(const std::string& question, const std::string& otherwise);

}  // namespace snapferry::sys
