#pragma once

#include <string>
#include <vector>

#include "snapferry/receive/setup/config.h"

namespace snapferry::restore {

/// What another machine wants back from a backup here, as its request has it.
struct AskedFiles {
    std::string tag;
    std::string at;  ///< see backup_in_force()
    std::vector<std::string> paths;
};

/// Gives it what it lacks, over these descriptors: docs/protocol.md, "Files by a person's login".
/// The backup is not pruned meanwhile. Throws Failure.
void give_files(const receive::Config& config, const AskedFiles& asked, int in, int out);

}  // namespace snapferry::restore
