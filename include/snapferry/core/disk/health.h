#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/check/check.h"
#include "snapferry/core/disk/scrub_status.h"
#include "snapferry/core/names/tag.h"
#include "snapferry/core/space/reserve.h"
#include "snapferry/core/status/allowed_age.h"

/// How a backup disk is, judged by what was read of it.
namespace snapferry {

struct HealthLimits {
    std::optional<std::chrono::seconds> max_age{};  ///< of the newest backup; nothing: as learnt
    std::chrono::seconds max_scrub_age = std::chrono::hours{35 * 24};  ///< of the last scrub
    /// Of a tag's last verification; nothing: nobody has to verify.
    std::optional<std::chrono::seconds> max_verify_age{};
    std::vector<Tag> tags{};  ///< only these; empty for all that are configured or have backups
};

/// What a device has counted since somebody set it to zero.
/// Source: linux/btrfs.h, btrfs_dev_stat_values.
struct DeviceErrors {
    std::string device;  ///< its path, escaped
    std::uint64_t write = 0;
    std::uint64_t read = 0;
    std::uint64_t flush = 0;
    std::uint64_t corruption = 0;
    std::uint64_t generation = 0;
    std::uint64_t id = 0;  ///< its number in the filesystem
    bool missing = false;  ///< the filesystem goes on without it, or it has gone from the machine
};

/// By the receiver's clock.
struct TagTimes {
    std::optional<std::chrono::sys_seconds> newest;      ///< when the newest backup arrived
    std::optional<std::chrono::sys_seconds> unfinished;  ///< when a receive last came further
    /// Of the newest, in counted time: it is at least that old, whatever the clock says.
    std::optional<std::chrono::seconds> counted_age{};
    AllowedAge allowed{};   ///< how old it may be, as far as is known
    bool had_some = false;  ///< a backup has arrived, whatever has become of it
};

/// A finding of the newest backup, but not where the first one is still on its way; and one of the
/// unfinished receive, where there is one.
std::vector<Finding> judge_tag(const Tag& tag, const TagTimes& times, const HealthLimits& limits,
                               std::chrono::sys_seconds now);

/// Bytes. Critical where nothing is received any more, a warning where that is near.
Finding judge_space(std::uint64_t free, std::uint64_t total, const Reserve& reserve);

/// One finding a device; one that there was no scrub where there is no record, which is nothing
/// amiss as long as the filesystem itself is no older than a scrub may be. `made`: when it was.
std::vector<Finding> judge_scrubs(std::span<const ScrubRecord> records,
                                  std::optional<std::chrono::sys_seconds> made,
                                  const HealthLimits& limits, std::chrono::sys_seconds now);

/// One finding for each device that is missing and each counter that is not zero, or one that all
/// is well.
std::vector<Finding> judge_devices(std::span<const DeviceErrors> devices);

}  // namespace snapferry
