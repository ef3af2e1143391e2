#pragma once

#include <cstdint>
#include <string>

/// Whom a directory of the backup disk lets in, judged by its owner and its mode. The files of the
/// backups have the owners and modes of another machine, so nothing below protects them.
namespace snapferry {

struct DirectoryRights {
    std::uint32_t owner = 0;  ///< a user's number
    std::uint32_t group = 0;
    std::uint32_t mode = 0;  ///< st_mode; of it the permissions count
};

enum class Rights {
    good,
    too_open,   ///< root's, and others may do what only root should: to be mended by its mode
    strangers,  ///< somebody else's, who can change it at any time: what is in it is not ours
};

struct RightsVerdict {
    Rights rights = Rights::good;
    std::string why;  ///< "its mode is 0755, so others may look into it"; empty where good
};

/// Of a directory that only root may enter: TAG/, .snapferry, staging.
RightsVerdict judge_private(const DirectoryRights& rights);

/// Of a directory above those, which others may enter but not change: whoever can write there can
/// put another directory in the place of ours.
RightsVerdict judge_way(const DirectoryRights& rights);

/// What to do about it, to the letter, in words for a shell. `directory` is escaped already.
std::string advice_for(Rights rights, const std::string& directory, bool is_private);

}  // namespace snapferry
