#include "snapferry/sys/config/config_file.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <memory>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

constexpr std::size_t max_config = 1024 * 1024;                       // bytes
constexpr auto examples = "/usr/local/share/doc/snapferry/examples";  // see cmake/Install.cmake

}  // namespace

ConfigTable::ConfigTable(const toml::table& table, std::string file, std::string name)
    : table_(&table), file_(std::move(file)), name_(std::move(name)) {}

void ConfigTable::allow_only(std::initializer_list<std::string_view> keys) const {
    for (const auto& [key, node] : *table_) {
        if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
            const auto near =
                near_word(key.str(), std::vector<std::string>(keys.begin(), keys.end()));
            complain_at(&node, key.str(),
                        near.empty()
                            ? "this key is not known"
                            : fmt::format("this key is not known; did you mean \"{}\"?", near));
        }
    }
}

std::optional<std::string> ConfigTable::text(std::string_view key) const {
    const auto* node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    auto value = node->value_exact<std::string>();
    if (!value || value->empty()) {
        complain_at(node, key, "it must be a text in quotes");
    }
    return value;
}

std::string ConfigTable::required_text(std::string_view key) const {
    if (auto value = text(key)) {
        return *value;
    }
    complain_at(table_, key, "this key is missing");
}

std::optional<std::vector<std::string>> ConfigTable::texts(std::string_view key) const {
    const auto* node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_array()) {
        complain_at(node, key, "it must be a list of texts: [\"...\", \"...\"]");
    }
    std::vector<std::string> texts;
    for (const auto& element : *node->as_array()) {
        auto value = element.value_exact<std::string>();
        if (!value || value->find('\0') != std::string::npos) {
            complain_at(&element, key, "each part of it must be a text in quotes, without NUL");
        }
        texts.push_back(std::move(*value));
    }
    return texts;
}

std::optional<std::vector<std::string>> ConfigTable::command(std::string_view key) const {
    auto words = texts(key);
    if (words && (words->empty() || !words->front().starts_with('/'))) {
        complain(key,
                 "it must be a program's absolute path and its arguments, such as "
                 "[\"/bin/mount\", \"/mnt/backups\"]");
    }
    return words;
}

std::optional<bool> ConfigTable::flag(std::string_view key) const {
    const auto* node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto value = node->value_exact<bool>();
    if (!value) {
        complain_at(node, key, "it must be true or false");
    }
    return value;
}

std::optional<std::int64_t> ConfigTable::number(std::string_view key, std::int64_t least,
                                                std::int64_t most) const {
    const auto* node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
        complain_at(node, key, fmt::format("it must be a whole number from {} to {}", least, most));
    }
    return value;
}

std::optional<std::chrono::seconds> ConfigTable::duration(std::string_view key,
                                                          std::chrono::seconds least) const {
    const auto written = text(key);
    if (!written) {
        return std::nullopt;
    }
    const auto value = parse_duration(*written);
    if (!value) {
        complain(key, "it must be a duration such as \"90s\", \"15min\", \"36h\" or \"7d\"");
    }
    if (*value < least) {
        complain(key, fmt::format("it must be at least \"{}s\"", least.count()));
    }
    return value;
}

std::optional<std::uint64_t> ConfigTable::byte_count(std::string_view key) const {
    const auto written = text(key);
    if (!written) {
        return std::nullopt;
    }
    const auto value = parse_bytes(*written);
    if (!value) {
        complain(key, "it must be a size such as \"512MiB\" or \"4GiB\"");
    }
    return value;
}

std::optional<ConfigTable> ConfigTable::table(std::string_view key) const {
    const auto* node = table_->get(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_table()) {
        complain_at(node, key, fmt::format("it must be a table, [{}]", key));
    }
    return ConfigTable(*node->as_table(), file_,
                       name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key));
}

std::map<std::string, ConfigTable> ConfigTable::tables() const {
    std::map<std::string, ConfigTable> found;
    for (const auto& [key, node] : *table_) {
        found.emplace(key.str(), *table(key.str()));
    }
    return found;
}

bool ConfigTable::has_text(std::string_view key) const {
    const auto* const node = table_->get(key);
    return node != nullptr && node->is_string();
}

void ConfigTable::complain(std::string_view key, const std::string& why) const {
    complain_at(table_->get(key), key, why);
}

void ConfigTable::complain_at(const toml::node* node, std::string_view key,
                              const std::string& why) const {
    const auto line = node == nullptr ? table_->source().begin.line : node->source().begin.line;
    const auto whole = name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
    throw Failure(ExitCode::configuration,
                  fmt::format("{}:{}: {}: {}", escape_text(file_), line, escape_text(whole), why));
}

struct ConfigFile::Content {
    toml::table table;
    std::string file;
};

ConfigFile::ConfigFile(const std::filesystem::path& file, Trust trust) {
    const auto text = trust == Trust::root_only ? read_file_of_root(file, max_config)
                                                : read_small_file(file, max_config);
    if (!text) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} is missing", escape_text(file.native())),
                      fmt::format("copy the example and make it yours: {}/{}.example", examples,
                                  file.filename().native()));
    }
    try {
        content_ =
            std::make_unique<Content>(Content{toml::parse(*text, file.native()), file.native()});
    } catch (const toml::parse_error& error) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{}:{}: not TOML: {}", escape_text(file.native()),
                                  error.source().begin.line, escape_text(error.description())));
    }
}

ConfigFile::~ConfigFile() = default;
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;

ConfigTable ConfigFile::root() const {
    return {content_->table, content_->file, {}};
}

}  // namespace snapferry::sys
