#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "snapferry/core/report/backup_list.h"

/// The backups of a receiver as text, in lines of at most 80 columns, and as JSON.
namespace snapferry::admin {

/// Of each tag the `limit` newest, or all.
std::string backup_list_text(std::span<const ListedTag> tags, const ListedDisk& disk,
                             std::optional<std::size_t> limit);
std::string backup_list_json(std::span<const ListedTag> tags, const ListedDisk& disk);

/// What a run of pruning would do with each backup of a tag, and why.
std::string prune_plan_text(const ListedTag& tag);

/// The same as a line of JSON.
std::string prune_plan_json(std::span<const ListedTag> tags);

}  // namespace snapferry::admin
