#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "../command.h"
#include "restore_files.h"

namespace snapferry::commands {

/// `snapferry restore TAG --all`: a whole backup comes back to this machine, as a snapshot that the
/// next one goes on from.
struct RestoreAll {
    bool is_meant = false;
    std::string into;  ///< the directory of the snapshots
    std::string as;    ///< the writable copy
};

/// Adds the options to the command.
std::shared_ptr<RestoreAll> declare_restore_all(CLI::App& command);

/// `line`: the rest of the command line. Throws Failure (configuration) where that is meant for
/// files.
ExitCode restore_all(const RestoreAll& wanted, const RestoreFiles& line, const Shared& shared);

}  // namespace snapferry::commands
