#pragma once

#include <string>
#include <vector>

#include "snapferry/receive/backups/tag_view.h"
#include "snapferry/receive/setup/config.h"

/// What the commands about the backups of this machine have in common.
namespace snapferry::commands {

/// Throws Failure: not_root, configuration, or directory_missing where the disk is not mounted.
receive::Config config_of_receiver();

/// As above, and the disk may still be away: before_receive will mount it.
receive::Config config_of_sleeping_receiver();

/// The tag that was named, or all that there are. Throws Failure (configuration) where the one that
/// was named is neither configured nor there.
std::vector<Tag> tags_meant(const receive::Config& config, const std::string& named);

/// A line for this machine's journal: what a person did here.
void note_in_journal(const Tag& tag, const std::string& line);

}  // namespace snapferry::commands
