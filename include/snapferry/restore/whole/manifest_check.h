#pragma once

#include <filesystem>

#include "snapferry/core/log/log.h"

namespace snapferry::restore {

/// Takes the manifest of a backup from the other side: its length on a line, and then it. Bounded;
/// nothing of it is believed before it is read. Throws Failure.
void take_manifest(int input, const std::filesystem::path& file);

/// Reads all of the tree and compares it with the manifest. True where nothing differs; else the
/// log names what does first. Throws Failure.
bool matches_manifest(const std::filesystem::path& tree, const std::filesystem::path& manifest,
                      Log& log);

}  // namespace snapferry::restore
