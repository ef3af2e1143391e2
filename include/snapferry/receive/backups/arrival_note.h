#pragma once

#include <chrono>
#include <filesystem>
#include <map>

#include "snapferry/core/names/tag.h"

/// When the newest backup of each tag arrived, noted beside the backup disk: for who asks while the
/// disk is away, or is not the one that it was. The time of an empty file's last change, by this
/// machine's clock.
namespace snapferry::receive {

inline constexpr auto arrival_notes = "/var/lib/snapferry/arrivals";

/// Throws Failure (configuration).
void note_arrival(const std::filesystem::path& notes, const Tag& tag);

/// By the tag's text. Empty where nothing was ever noted.
std::map<std::string, std::chrono::sys_seconds> noted_arrivals(const std::filesystem::path& notes);

}  // namespace snapferry::receive
