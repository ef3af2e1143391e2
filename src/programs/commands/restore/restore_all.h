#pragma once

#include <string>

#include "../command.h"

namespace snapferry::commands {

/// `snapferry restore TAG --all`: a whole backup comes back to this machine.
struct RestoreAll {
    std::string tag;
    std::string at;    ///< which backup; empty for the newest
    std::string from;  ///< a person's login, or a receiver of send.toml
    std::string into;
    std::string as;
};

ExitCode restore_all(const RestoreAll& wanted, const Shared& shared);

}  // namespace snapferry::commands
