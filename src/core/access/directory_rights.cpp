#include "snapferry/core/access/directory_rights.h"

#include <fmt/format.h>

namespace snapferry {
namespace {

constexpr std::uint32_t group_may_write = 0020;
constexpr std::uint32_t others_may_write = 0002;
constexpr std::uint32_t not_owners = 0077;
constexpr std::uint32_t permissions = 07777;

/// The group root is root.
bool others_can_write(const DirectoryRights& rights) {
    return (rights.mode & others_may_write) != 0 ||
           ((rights.mode & group_may_write) != 0 && rights.group != 0);
}

std::string mode_text(const DirectoryRights& rights, const char* so) {
    return fmt::format("its mode is {:04o}, so others may {}", rights.mode & permissions, so);
}

/// For a shell.
std::string quoted(const std::string& path) {
    std::string text = "'";
    for (const char character : path) {
        text += character == '\'' ? std::string("'\\''") : std::string(1, character);
    }
    return text + "'";
}

RightsVerdict strangers(const DirectoryRights& rights) {
    return {Rights::strangers, fmt::format("it belongs to user {}, not to root", rights.owner)};
}

}  // namespace

RightsVerdict judge_private(const DirectoryRights& rights) {
    if (rights.owner != 0) {
        return strangers(rights);
    }
    if (others_can_write(rights)) {
        return {Rights::too_open, mode_text(rights, "change what is in it")};
    }
    if ((rights.mode & not_owners) != 0) {
        return {Rights::too_open, mode_text(rights, "look into it")};
    }
    return {};
}

RightsVerdict judge_way(const DirectoryRights& rights) {
    if (rights.owner != 0) {
        return strangers(rights);
    }
    if (others_can_write(rights)) {
        return {Rights::too_open, mode_text(rights, "change what is in it")};
    }
    return {};
}

std::string advice_for(Rights rights, const std::string& directory, bool is_private) {
    const auto path = quoted(directory);
    const auto* const mode = is_private ? "0700" : "go-w";
    switch (rights) {
        case Rights::good:
            return {};
        case Rights::too_open:
            return fmt::format("chmod {} {}", mode, path);
        case Rights::strangers:
            return fmt::format(
                "look who made it, and what is in it; where all of that is yours: "
                "chown root:root {0} && chmod {1} {0}",
                path, mode);
    }
    return {};
}

}  // namespace snapferry
