#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../command.h"
#include "../place.h"

namespace snapferry::commands {

/// `snapferry restore TAG [PATH...] --to DIR`: files come back from a backup.
struct RestoreFiles {
    std::string tag;
    std::vector<std::string> paths;  ///< none for all
    std::string at;                  ///< which backup; empty for the newest
    std::string to;
    std::string overwrite = "never";
    bool dry_run = false;
    bool verbose = false;
    std::shared_ptr<Place> place;
};

ExitCode restore_files(const RestoreFiles& wanted, const Shared& shared);

}  // namespace snapferry::commands
