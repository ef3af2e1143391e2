#pragma once

#include <filesystem>

#include "snapferry/core/exit_code.h"
#include "snapferry/core/names/tag.h"

namespace snapferry::receive {

/// What `snapshot-receive TAG` does: one stream, from the first byte on stdin to the last word on
/// stdout. Throws Failure for what went wrong before the sender could be told, or in a raw stream.
/// Returns the exit code where the sender was told over the wire.
ExitCode serve(const Tag& tag, const std::filesystem::path& config_file, int input, int output);

}  // namespace snapferry::receive
