#pragma once

#include <map>
#include <string>
#include <vector>

#include "snapferry/core/importing/btrbk_file.h"
#include "snapferry/core/setup/text/toml_text.h"

namespace snapferry::importing {

/// A table for a configuration of snapferry.
struct ImportedTable {
    setup::TomlTable table;
    std::vector<setup::TomlEntry> entries;
};

/// What becomes of a configuration of btrbk.
struct Import {
    std::vector<ImportedTable> send;  ///< for send.toml of this machine
    /// For receive.toml of each machine that backups go to; {} is what stands above all tables.
    std::map<std::string, std::vector<ImportedTable>> receive;
    std::vector<LineNote> notes;  ///< what is not carried over or was guessed, in order of lines
};

/// One tag, one job and one receiver with a key of its own for each subvolume that goes to another
/// machine. Nothing is asked of any machine.
Import import_btrbk(const BtrbkFile& file);

/// The tables as a file has them.
std::string text_of(const std::vector<ImportedTable>& tables);

}  // namespace snapferry::importing
