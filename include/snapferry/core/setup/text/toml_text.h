#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Changes to a configuration file that people write, too: what is not meant stays as it is, byte
/// for byte, with its comments. Only text is changed here; whether it then says what it should is
/// for who can read TOML (sys/config/toml_change.h).
namespace snapferry::setup {

/// {"jobs", "home"} is [jobs.home]; empty for what stands above all tables.
using TomlTable = std::vector<std::string>;

struct TomlEntry {
    std::string key;
    std::string value;  ///< as it is written: see toml_text(); a number, a list

    friend bool operator==(const TomlEntry&, const TomlEntry&) = default;
};

/// A text in quotes.
std::string toml_text(std::string_view text);

/// "[jobs.home]", with quotes where a name needs them.
std::string toml_header(const TomlTable& table);

/// With these keys in the table. A key that is there gets the value in place of its own, and keeps
/// the comment behind it; others follow the table's last one; a table that is not there is added at
/// the end. Throws Failure (configuration) where the text is not TOML as far as it was looked at.
std::string with_entries(std::string_view text, const TomlTable& table,
                         std::span<const TomlEntry> entries);

/// Without a table, and those below it. The comments between its keys go with it; those above and
/// behind it stay. After with_entries() has added it, the text is what it was before (but for a
/// line feed that was missing at its end).
std::string without_table(std::string_view text, const TomlTable& table);

/// Without one key of a table, and what stands behind it in its line.
std::string without_entry(std::string_view text, const TomlTable& table, std::string_view key);

}  // namespace snapferry::setup
