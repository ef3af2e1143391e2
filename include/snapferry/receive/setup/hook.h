#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"

namespace snapferry::receive {

/// A program of the person's, as receive.toml has it.
struct Hook {
    std::string name;                      ///< its key: "before_receive"
    std::vector<std::string> command;      ///< absolute path and arguments
    std::vector<std::string> environment;  ///< "NAME=value"
    std::chrono::seconds timeout{60};
    std::filesystem::path file;  ///< that it stands in, for a person
};

/// Runs it as root to its end, in "/", with nothing of this program's: no input, no output, no
/// descriptors. What it started and left behind goes on, unless its time is over: then all of its
/// process group is killed. Throws Failure with the last that it said on stderr:
/// directory_missing, or configuration where others than root may write the program.
void run_hook(const Hook& hook, Log& log);

}  // namespace snapferry::receive
