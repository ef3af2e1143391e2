#pragma once

#include <map>
#include <optional>
#include <string>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/manifest/digest.h"

namespace snapferry::sys {

/// Extended attributes by name, ACLs and capabilities among them.
using Attributes = std::map<std::string, std::string>;

/// Those of what has this name in an open directory; no symlink is followed. None where the
/// filesystem has no such thing. Throws Failure (`code`); `shown` is what it calls the entry.
Attributes read_attributes(int directory, const std::string& name, ExitCode code,
                           const std::string& shown);

/// The same of what is open, with O_PATH too.
Attributes read_attributes(int file, ExitCode code, const std::string& shown);

/// As docs/manifest.md has it; nothing where there are none.
std::optional<manifest::Digest> digest_of(const Attributes& attributes);

}  // namespace snapferry::sys
