#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/access/authorized_keys.h"
#include "snapferry/core/access/sudo_rules.h"
#include "snapferry/core/check/check.h"

/// Who may start snapshot-receive at this machine, and what else they may: what stands between a
/// stolen key of the NAS and a shell here.
namespace snapferry {

/// A file or directory whose owner and mode decide who may do what.
struct GuardedPlace {
    std::string path;  ///< escaped
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint32_t mode = 0;
};

struct KeyFile {
    std::string path;  ///< escaped
    std::vector<KeyLine> keys;
    std::vector<GuardedPlace> places;  ///< itself, and what is above it up to the home directory
};

/// A user who may start snapshot-receive, by sudo or by a key.
struct Account {
    std::string name;
    std::uint32_t id = 0;
    std::vector<SudoGrant> grants;
    std::vector<KeyFile> key_files;
    std::optional<std::string> forced_by_sshd;  ///< ForceCommand of sshd_config: outdoes the keys'
};

/// The user's number, where it is 0, makes a difference: root needs no sudo, and its keys without a
/// forced command are the administrator's. `program`: the path of snapshot-receive, for advice.
std::vector<Finding> judge_account(const Account& account, const std::string& program);

/// Of what sudo goes by: its own files, and the programs that its rules name. Only root may own and
/// write them.
std::vector<Finding> judge_places_of_root(const std::vector<GuardedPlace>& places);

/// What is to stand before a key in authorized_keys: restrict,command="...".
std::string key_options(const std::string& program, const std::string& tag, bool by_sudo);

}  // namespace snapferry
