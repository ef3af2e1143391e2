#include "snapferry/sys/alert/notes.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "key_file.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::sys {
namespace {

using alert::Kind;
using alert::Standing;
using nlohmann::json;

constexpr std::size_t largest = 1024 * 1024;  // bytes of a note
constexpr std::array kinds{Kind::failure, Kind::stale, Kind::alarm, Kind::health, Kind::monthly};

std::string text_of(const Standing& standing) {
    json wrong = json::array();
    for (const auto kind : standing.kinds) {
        wrong.push_back(alert::name_of(kind));
    }
    const json document{{"key", standing.key},     {"wrong", wrong},
                        {"begun", standing.begun}, {"still", standing.still},
                        {"over", standing.over},   {"facts", standing.facts}};
    return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// Throws a json::exception where it is none.
Standing parse(const std::string& text) {
    const auto document = json::parse(text);
    Standing standing{document.at("key").get<std::string>()};
    for (const auto& word : document.at("wrong")) {
        const auto* const found = std::find_if(kinds.begin(), kinds.end(), [&](Kind kind) {
            return alert::name_of(kind) == word.get<std::string>();
        });
        if (found != kinds.end()) {
            standing.kinds.insert(*found);
        }
    }
    standing.begun = document.at("begun");
    standing.still = document.at("still");
    standing.over = document.at("over");
    document.at("facts").get_to(standing.facts);
    return standing;
}

std::optional<Standing> read_note(const std::filesystem::path& file) {
    const auto text = read_own_file(file, largest);
    if (!text) {
        return std::nullopt;
    }
    try {
        return parse(*text);
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

}  // namespace

std::filesystem::path alerts_directory(const std::filesystem::path& state_dir,
                                       const std::string& side) {
    return state_dir / "alerts" / side;
}

void make_alerts_directory(const std::filesystem::path& directory) {
    make_private_directory(directory.parent_path().parent_path());
    make_private_directory(directory.parent_path());
    make_private_directory(directory);
}

std::filesystem::path AlertNotes::file_of(const std::string& key) const {
    return directory_ / "notes" / key_file_name(key, ".json");
}

void AlertNotes::note(const Standing& standing) const {
    make_alerts_directory(directory_);
    make_private_directory(directory_ / "notes");
    replace_file(file_of(standing.key), text_of(standing));
}

void AlertNotes::note_over(const std::string& key) const {
    if (!is_there(directory_ / "notes")) {
        return;
    }
    if (auto standing = read_note(file_of(key)); standing && !standing->kinds.empty()) {
        standing->kinds.clear();
        note(*standing);
    }
}

std::vector<Standing> AlertNotes::all() const {
    std::vector<Standing> all;
    for (const auto& entry : entries_of(directory_ / "notes", ExitCode::configuration)) {
        if (entry.path.extension() != ".json") {
            continue;
        }
        if (auto standing = read_note(entry.path)) {
            all.push_back(std::move(*standing));
        } else {
            delete_file(entry.path);
        }
    }
    return all;
}

void AlertNotes::forget_over(const std::string& key) const {
    if (const auto standing = read_note(file_of(key)); standing && standing->kinds.empty()) {
        delete_file(file_of(key));
    }
}

}  // namespace snapferry::sys
