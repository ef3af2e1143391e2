#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace snapferry::restore {

/// What who gives files says first: which backup it is.
struct GivenBackup {
    std::string name;
    std::chrono::sys_seconds taken;
    bool has_manifest = false;  ///< that can be used
    std::string no_manifest{};  ///< why the one that there is cannot

    friend bool operator==(const GivenBackup&, const GivenBackup&) = default;
};

inline constexpr std::size_t longest_given_line = std::size_t{16} * 1024;  // bytes

/// One line of JSON, without its end.
std::string line_of(const GivenBackup& given);

/// Throws Failure (protocol).
GivenBackup parse_given_backup(std::string_view line);

/// What who takes says: that it takes something, and that it has the room for it.
inline constexpr std::string_view takes = "take";
inline constexpr std::string_view has_room = "go";
inline constexpr std::size_t longest_answer = 16;  // bytes

/// Of an entry, what who takes wants: one letter each, in the order of the list.
inline constexpr char wants_nothing = '0';
inline constexpr char wants_attributes = 'm';
inline constexpr char wants_all = 'd';

}  // namespace snapferry::restore
