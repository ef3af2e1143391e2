#include "snapferry/core/rotation/rotation_table.h"

namespace snapferry {

std::vector<setup::TomlEntry> rotation_entries(const RotationTable& table) {
    using setup::toml_text;
    std::vector<setup::TomlEntry> entries{{"subvolume", toml_text(table.subvolume)},
                                          {"snapshot_dir", toml_text(table.snapshot_dir)},
                                          {"tag", toml_text(table.tag)},
                                          {"keep", toml_text(table.keep)}};
    if (!table.calendar.empty()) {
        entries.push_back({"calendar", toml_text(table.calendar)});
    }
    return entries;
}

}  // namespace snapferry
