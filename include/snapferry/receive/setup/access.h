#pragma once

#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/names/tag.h"

namespace snapferry::receive {

/// Looks at who may start snapshot-receive at this machine: sudo's rules, the keys of the users
/// that have one, and the owners and modes of the files that both go by. Changes nothing. What
/// cannot be looked at is a finding too (unknown).
std::vector<Finding> check_access();

/// Whether no key of the user can start anything but its own forced command. False where that
/// cannot be seen.
bool is_every_key_forced(const std::string& user);

/// What is to stand before the key of a sender of `tag` in authorized_keys.
std::string key_options(const Tag& tag);

}  // namespace snapferry::receive
