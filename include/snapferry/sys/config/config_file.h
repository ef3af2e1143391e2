#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toml::inline v3 {
class table;
class node;
}  // namespace toml::inline v3

namespace snapferry::sys {

/// One table of a configuration file. Every complaint is a Failure (configuration) that names file,
/// line and key.
class ConfigTable {
  public:
    ConfigTable(const toml::table& table, std::string file, std::string name);

    /// Refuses any key that is not among these.
    void allow_only(std::initializer_list<std::string_view> keys) const;

    [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
    [[nodiscard]] std::string required_text(std::string_view key) const;

    /// True where the key's value is a text, for keys that may be a number as well.
    [[nodiscard]] bool has_text(std::string_view key) const;
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key) const;

    /// A list of texts, ["/bin/mount", "/mnt/backups"]: a program with its arguments. The first is
    /// an absolute path.
    [[nodiscard]] std::optional<std::vector<std::string>> command(std::string_view key) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view key, std::int64_t least,
                                                     std::int64_t most) const;
    [[nodiscard]] std::optional<std::chrono::seconds> duration(
        std::string_view key, std::chrono::seconds least = std::chrono::seconds{0}) const;
    [[nodiscard]] std::optional<std::uint64_t> byte_count(std::string_view key) const;
    [[nodiscard]] std::optional<ConfigTable> table(std::string_view key) const;

    /// The tables in this table, by name: for [jobs.NAME]. Refuses a key that is no table.
    [[nodiscard]] std::map<std::string, ConfigTable> tables() const;

    /// A Failure about one key, for what only the caller can judge.
    [[noreturn]] void complain(std::string_view key, const std::string& why) const;

  private:
    [[noreturn]] void complain_at(const toml::node* node, std::string_view key,
                                  const std::string& why) const;

    const toml::table* table_;
    std::string file_;
    std::string name_;  // "jobs.home"; empty for the whole file
};

/// A parsed configuration file, which owns what its tables show.
class ConfigFile {
  public:
    enum class Trust { any_owner, root_only };

    /// Throws Failure (configuration) where the file is missing or not TOML, and with `root_only`
    /// where it does not belong to root or others may write it.
    ConfigFile(const std::filesystem::path& file, Trust trust);
    ~ConfigFile();
    ConfigFile(ConfigFile&&) noexcept;
    ConfigFile& operator=(ConfigFile&&) noexcept;
    ConfigFile(const ConfigFile&) = delete;
    ConfigFile& operator=(const ConfigFile&) = delete;

    [[nodiscard]] ConfigTable root() const;

  private:
    struct Content;
    std::unique_ptr<Content> content_;
};

}  // namespace snapferry::sys
