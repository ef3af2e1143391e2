#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace snapferry::sys {

/// What a program of the system writes to its standard output; what it says on stderr goes nowhere.
/// Throws Failure (configuration) where it is not installed, fails, takes more than ten seconds or
/// says more than 16 MiB.
std::string output_of(std::string_view program, std::vector<std::string> arguments);

/// The directory that this program was started from.
std::filesystem::path own_directory();

}  // namespace snapferry::sys
