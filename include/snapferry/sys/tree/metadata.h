#pragma once

#include <string>
#include <vector>

#include "snapferry/core/manifest/entry.h"
#include "snapferry/sys/tree/attributes.h"

namespace snapferry::sys {

/// Gives what is open (with O_PATH too) the owner, attributes, mode and time of an entry, and takes
/// away the attributes that the entry has not, such as an ACL that was inherited. In an order in
/// which none undoes another. What the filesystem cannot hold is left out and comes back as words,
/// one failure each; throws what failure_at() makes of anything else.
std::vector<std::string> dress(int file, const manifest::Entry& entry, const Attributes& attributes,
                               const std::string& shown);

}  // namespace snapferry::sys
