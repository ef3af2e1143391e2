#pragma once

#include <string>
#include <vector>

namespace snapferry::sys {

/// This process goes on as the same program with another command line (without the program's name).
/// Throws Failure (internal).
[[noreturn]] void run_same_program(const std::string& name, std::vector<std::string> words);

}  // namespace snapferry::sys
