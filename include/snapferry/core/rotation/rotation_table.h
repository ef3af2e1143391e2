#pragma once

#include <string>
#include <vector>

#include "snapferry/core/setup/text/toml_text.h"

namespace snapferry {

/// What [snapshots.NAME] of send.toml says, for who writes one.
struct RotationTable {
    std::string subvolume;
    std::string snapshot_dir;
    std::string tag;
    std::string keep;        ///< words: "7 14d 8w"
    std::string calendar{};  ///< systemd.time(7); empty: only by hand, or from cron
};

/// Its keys, for setup::with_entries().
std::vector<setup::TomlEntry> rotation_entries(const RotationTable& table);

}  // namespace snapferry
