#pragma once

#include <string>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"

namespace snapferry::restore {

/// What a machine that comes back asks for.
struct Wanted {
    Tag tag;
    std::string at;  ///< see backup_in_force()
};

/// The Pi's side of a whole restore: offers the backup, and sends it, as a sender would, to the
/// receiver at the other end of the descriptors. Takes no lock and changes nothing. Throws Failure;
/// what went wrong at the other side is not told here, and only returned.
ExitCode give_back(const receive::Config& config, const Wanted& wanted, int input, int output,
                   Log& log);

}  // namespace snapferry::restore
