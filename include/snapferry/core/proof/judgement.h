#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/proof/book.h"
#include "snapferry/core/report/check.h"

namespace snapferry::proof {

/// What a check is to demand.
struct Limits {
    /// How long ago a tag's last verification that went well may be; nothing: it is not asked.
    std::optional<std::chrono::seconds> max_verify_age{};
};

/// Critical: a backup that is there differs, or the last drill did not get back what was sent.
/// A warning: the last verification is too long ago, there was none, or it could not be done.
/// `names`: the backups that are there, by copy.
std::vector<Finding> judge(const Tag& tag, const Book& book,
                           const std::map<Uuid, std::string>& names, const Limits& limits,
                           const When& now);

}  // namespace snapferry::proof
