#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/report/backup_list.h"
#include "snapferry/core/status/allowed_age.h"
#include "snapferry/receive/age/ages.h"
#include "snapferry/receive/backups/inventory.h"
#include "snapferry/receive/place/target.h"
#include "snapferry/receive/setup/config.h"

/// A tag as it is, for who only looks: takes no lock, writes nothing. All of it throws Failure
/// where the disk is not there or cannot be read.
namespace snapferry::receive {

struct TagView {
    Tag tag;
    Target target;
    Inventory inventory;  ///< with ages and locks
    KnownAges ages;
    RetentionPolicy policy;
    bool is_derived = false;  ///< from another tag: nobody sends into it
};

TagView look_at_tag(const Config& config, const Tag& tag);

/// How old its newest may be: max_age, or learnt from when its backups arrived.
AllowedAge allowed_age_of(const Config& config, const TagView& view);

/// What retention makes of it, as a person is shown it.
ListedTag listed(const TagView& view);

/// The same for another plan.
ListedTag listed(const TagView& view, std::vector<RetentionDecision> decisions);

/// The same where no policy is known, and nobody prunes: on a disk in another machine.
ListedTag listed_without_policy(const TagView& view);

ListedDisk look_at_disk(const Config& config);

/// The backup of this name. Throws Failure (configuration) where there is none.
const Backup& backup_named(const TagView& view, const std::string& name);

/// Where it lies.
std::filesystem::path path_of(const TagView& view, const Backup& backup);

/// Those that are configured, those whose directories hold a backup, or will when a receive is
/// finished, and those of which there was one: that all are gone must not go unseen. As they are
/// listed (see order_of_names).
std::vector<Tag> tags_of(const Config& config);

}  // namespace snapferry::receive
