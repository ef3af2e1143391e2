#pragma once

#include <optional>
#include <string>

#include "../command.h"
#include "snapferry/core/exit_code.h"
#include "what_to_send.h"

namespace snapferry::commands {

/// What a person says of two machines that are to be a pair.
struct PairOptions {
    std::string login;
    WhatToSend what;
    std::string host;
    std::optional<unsigned> port;
    std::string name;
    std::string user;
    std::string disk;
    std::string format;
    std::string keep;
    bool replace_key = false;
    bool enable_ssh = false;
    bool enable = false;
    bool yes = false;
    bool plan = false;
    bool check = false;
    bool undo = false;
};

/// Shows what is to be changed at both, asks once, has it done and tests it; or, as the options
/// have it, only tests it, or takes it back. Needs root here; logs in there as the person.
/// Throws Failure.
ExitCode pair_machines(const PairOptions& options, const Shared& shared);

}  // namespace snapferry::commands
