#include "snapferry/sys/config/toml_change.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::sys {
namespace {

toml::table parsed(std::string_view text, std::string_view file) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} would be not TOML at line {}: {}", escape_text(file),
                                  error.source().begin.line, escape_text(error.description())),
                      "nothing was changed; write what is set up there as tables of their own, "
                      "such as [jobs.NAME]");
    }
}

/// The tables that hold others alone are empty then, and say nothing.
void erase_empty(toml::table& above, std::string_view name) {
    const auto* const table = above[name].as_table();
    if (table != nullptr && table->empty()) {
        above.erase(name);
    }
}

void erase(toml::table& root, const std::vector<std::string>& path) {
    if (path.empty()) {
        for (auto entry = root.begin(); entry != root.end();) {
            entry = entry->second.is_table() ? std::next(entry) : root.erase(entry);
        }
        return;
    }
    std::vector<toml::table*> above{&root};
    for (std::size_t depth = 0; depth + 1 < path.size(); ++depth) {
        auto* const next = (*above.back())[path[depth]].as_table();
        if (next == nullptr) {
            return;
        }
        above.push_back(next);
    }
    above.back()->erase(path.back());
    for (auto depth = above.size() - 1; depth > 0; --depth) {
        erase_empty(*above[depth - 1], path[depth - 1]);
    }
}

}  // namespace

void require_same_but_for(std::string_view before, std::string_view after,
                          const std::vector<std::vector<std::string>>& tables,
                          std::string_view file) {
    auto was = parsed(before, file);
    auto is = parsed(after, file);
    for (const auto& table : tables) {
        erase(was, table);
        erase(is, table);
    }
    if (was != is) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("more of {} would be changed than is meant to be", escape_text(file)),
            "nothing was changed; write what is set up there as tables of their own, such as "
            "[jobs.NAME]");
    }
}

}  // namespace snapferry::sys
