#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

#include "../command.h"
#include "snapferry/setup/sender/sender_wishes.h"

namespace snapferry::commands {

/// What of this machine's snapshots is meant to go to a receiver.
struct WhatToSend {
    std::string tag;           ///< at the receiver; empty where the line does not say
    std::string snapshot_dir;  ///< the same
    std::string source_tag;    ///< the same
    std::string make_of{};     ///< a subvolume of which they are made from now on; usually empty
};

/// --snapshots, --source-tag and --make-snapshots-of.
void declare_which_snapshots(CLI::App& command, WhatToSend& what);

/// Where the line leaves something open: what a job to this machine says already; or what snapshots
/// there are. Where several could be meant, asks on the terminal; where there are none, whether
/// some are to be made from now on, and of what. Throws Failure: configuration where nobody can be
/// asked, directory_missing where there is nothing.
WhatToSend choose_what_to_send(WhatToSend wanted, const std::filesystem::path& config,
                               const std::string& host, unsigned port);

/// What is to be taken back: a job to this machine; or a tag whose job is gone already.
WhatToSend choose_what_to_take_back(const WhatToSend& wanted, const std::filesystem::path& config,
                                    const std::string& host, unsigned port);

/// What this machine is to be told of it; where it goes is left open.
setup::SenderWishes wishes_for(const WhatToSend& what, const Shared& shared);

}  // namespace snapferry::commands
