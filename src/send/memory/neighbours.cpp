#include "neighbours.h"

#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

std::vector<Remembered> memories_in(const std::string& text) {
    try {
        return {remembered_in(text)};
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): of an earlier version, then
    }
    std::vector<Remembered> found;
    try {
        for (auto& [receiver, content] : formerly_remembered_in(text)) {
            found.push_back(std::move(content));
        }
    } catch (const std::exception&) {
        return {};
    }
    return found;
}

}  // namespace

std::vector<Neighbour> neighbours_in(const std::filesystem::path& home) {
    constexpr std::string_view ending = ".memory.json";
    std::vector<Neighbour> found;
    try {
        for (const auto& entry : sys::entries_of(home, ExitCode::configuration)) {
            const bool is_memory =
                entry.name.ends_with(ending) && entry.kind == sys::EntryKind::file;
            const auto text =
                is_memory ? sys::read_small_file(entry.path, max_memory_file) : std::nullopt;
            if (text) {
                found.push_back(
                    {entry.name.substr(0, entry.name.size() - ending.size()), memories_in(*text)});
            }
        }
    } catch (const Failure&) {
        return found;
    }
    return found;
}

}  // namespace snapferry::send
