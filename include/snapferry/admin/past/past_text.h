#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "snapferry/core/past/changes.h"
#include "snapferry/core/past/finds.h"
#include "snapferry/core/past/versions.h"

/// What became of files from backup to backup, as text for a person, and as JSON. Paths are escaped
/// in the one; in the other what is not UTF-8 is replaced.
namespace snapferry::admin {

/// `backups`: how many of the tag were looked at.
std::string versions_text(const std::string& tag, const std::string& path,
                          const std::vector<past::Version>& versions, std::size_t backups);
std::string versions_json(const std::string& tag, const std::string& path,
                          const std::vector<past::Version>& versions, std::size_t backups);

std::string finds_text(const std::vector<past::Find>& finds, std::size_t backups);
std::string finds_json(const std::string& tag, const std::vector<past::Find>& finds,
                       std::size_t backups);

std::string changes_text(const past::Changes& changes);
std::string changes_json(const std::string& tag, const std::string& before,
                         const std::string& after, const past::Changes& changes);

}  // namespace snapferry::admin
