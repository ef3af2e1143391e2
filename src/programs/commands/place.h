#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "command.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::commands {

/// Which backups a command looks at: those of this machine, or of another.
struct Place {
    CLI::App* command = nullptr;
    std::string from;   ///< a person's login at the other machine; empty where none is named
    std::string disk;   ///< where a backup disk is mounted here; empty for the configured one
    bool here = false;  ///< another machine asks: nobody is asked on its behalf
};

/// Adds the options to a command.
std::shared_ptr<Place> declare_place(CLI::App& command);

/// Where the backups of another machine are meant: has the command line run there, shows what it
/// says, and returns what it ended with. Nothing where those of this machine are meant.
std::optional<ExitCode> run_elsewhere(const Place& place, const Shared& shared);

/// The backups of this machine that are meant. Throws Failure: not_root, configuration,
/// directory_missing.
receive::Config config_of(const Place& place);

/// The login that is meant: the one that is named, also by its receiver in send.toml; or, on a
/// machine without a backup disk, the only one that send.toml has. Nothing where this machine is
/// meant. Throws Failure (configuration) where several could be meant.
std::optional<std::string> login_meant(const std::string& named, const Shared& shared);

}  // namespace snapferry::commands
