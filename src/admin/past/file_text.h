#pragma once

#include <optional>
#include <string>

#include "snapferry/core/past/versions.h"

namespace snapferry::admin {

/// "2021-08-17 07:00:01    4.1 KiB", "2021-08-17 07:00:01  directory".
std::string file_text(const past::Seen& seen);

/// "file", "directory": for JSON.
std::string kind_text(manifest::Kind kind);

/// In this machine's zone; nothing for a time that no calendar has: a hostile tree may have any.
std::optional<std::string> time_iso(const manifest::Time& time);

}  // namespace snapferry::admin
