#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/age/arrivals.h"
#include "snapferry/core/check/check.h"
#include "snapferry/core/status/allowed_age.h"
#include "snapferry/core/status/under_way.h"

/// How the backups are on a machine that receives them.
namespace snapferry {

struct TagStatus {
    std::string tag;
    bool is_derived = false;                           ///< from another tag: nobody sends into it
    std::optional<std::chrono::sys_seconds> newest{};  ///< when it arrived
    std::optional<std::size_t> kept{};                 ///< nothing where the disk is away
    std::optional<std::uint64_t> new_bytes{};  ///< of the streams of those, as far as counted
    AllowedAge allowed{};
    std::optional<std::chrono::seconds> verified_ago{};  ///< the last time that went well
    std::optional<std::chrono::seconds> age{};           ///< of the newest, by its arrival
    bool has_alarm = false;
    bool is_held = false;  ///< nothing of it is pruned, for an alarm or a doubt
    std::optional<UnderWay> under_way{};
    std::vector<Finding> findings{};  ///< what `check` finds of it
};

struct DiskStatus {
    std::uint64_t free = 0;   ///< bytes
    std::uint64_t total = 0;  ///< bytes
    std::uint64_t reserve = 0;
    std::uint64_t bytes_a_day = 0;  ///< that arrived lately, before pruning
};

struct ReceivingStatus {
    std::vector<TagStatus> tags{};     ///< in the order of their names
    std::optional<DiskStatus> disk{};  ///< nothing where it is not there
    std::vector<Finding> findings{};   ///< of the disk and of the machine
};

/// What arrived of a tag in the last thirty days, a day: in full sends only what is not the first.
/// Nothing counted in fewer than three days tells nothing: zero.
std::uint64_t bytes_a_day(std::span<const Arrival> arrivals, std::chrono::sys_seconds now);

/// How long until the reserve is reached, were nothing pruned; nothing where nothing grows.
std::optional<std::chrono::seconds> full_in(const DiskStatus& disk);

}  // namespace snapferry
