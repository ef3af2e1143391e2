#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/setup/disk/disks.h"
#include "snapferry/core/setup/receiver_wishes.h"

/// Where the backups of this machine are to lie, from what is configured and what is wished.
namespace snapferry::setup {

struct Place {
    std::filesystem::path target_dir;       ///< empty where `trouble` says why
    std::filesystem::path mount_point;      ///< of its filesystem, now or later
    std::string device;                     ///< the one that is wished; empty where none is
    std::string uuid;                       ///< of the btrfs on it; empty where it is not known yet
    std::optional<Disk> to_erase;           ///< the wished device, to be made empty
    bool is_taken_as_it_is = false;         ///< it was to be, and is in /etc/fstab already
    bool is_configured = false;             ///< receive.toml says so
    bool is_mounted_for_a_receive = false;  ///< before_receive of receive.toml mounts it
    bool is_given_directory = false;        ///< on a filesystem that a person mounts

    struct Trouble {
        std::string why;
        std::string advice;
        std::vector<std::string> shown;
    };
    std::optional<Trouble> trouble;
};

Place find_place(const ReceiverWishes& wishes);

/// Of what is mounted there; empty where that is no btrfs, or not a mount point.
std::string uuid_mounted_at(const std::filesystem::path& point);

}  // namespace snapferry::setup
