#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/proof/book.h"

namespace snapferry::proof {

/// Critical: a backup that is there differs, or the last drill did not get back what was sent.
/// A warning: the last verification of any backup is longer ago than max_age, or there was none, or
/// one could not be done. Without max_age nobody has to verify. `names`: the backups that are
/// there, by copy.
std::vector<Finding> judge(const Tag& tag, const Book& book,
                           const std::map<Uuid, std::string>& names,
                           const std::optional<std::chrono::seconds>& max_age, const When& now);

}  // namespace snapferry::proof
