#pragma once

#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/receive/setup/config.h"
#include "snapferry/sys/files/directory.h"

/// The files of a backup have the owners and modes that they had at the NAS, and so mean nothing
/// here: what keeps the users of this machine from them are the directories above, which only root
/// may enter.
namespace snapferry::receive {

/// Goes from the mount point down to the tag's directories and sees to it that they are root's
/// alone. Makes .snapferry where it is missing. What is root's and too open is closed, and `log`
/// told; throws Failure (configuration) where somebody else owns a directory, or may write to one
/// above: that is not for a program to decide.
void secure_target(const Config& config, const Tag& tag, Log& log);

/// Makes the directory root's alone, as above.
void secure_directory(const sys::Directory& directory, Log& log);

/// The same look, for a check: changes nothing, makes nothing.
std::vector<Finding> check_privacy(const Config& config, const std::vector<Tag>& tags);

}  // namespace snapferry::receive
