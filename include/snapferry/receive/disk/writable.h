#pragma once

#include <filesystem>
#include <optional>

#include "snapferry/core/failure.h"
#include "snapferry/receive/place/target.h"

/// Whether the directories that a receive writes into can be changed at all, on a disk that is
/// mounted to be written to: one may be immutable, or lie in a read-only subvolume. Looks, and
/// changes nothing.
namespace snapferry::receive {

/// What keeps the directory from being changed (directory_missing); nothing where all is well.
std::optional<Failure> trouble_with_directory(const std::filesystem::path& directory);

/// The first such trouble of the tag's directories, of those that are there.
std::optional<Failure> trouble_with_place(const Target& target);

}  // namespace snapferry::receive
