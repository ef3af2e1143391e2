#include "snapferry/core/setup/disk/disks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"

namespace snapferry::setup {
namespace {

using nlohmann::json;

constexpr std::uint64_t smallest = std::uint64_t{256} << 20;  // bytes; mkfs.btrfs wants 114 MiB

[[noreturn]] void refuse(const char* program) {
    throw Failure(ExitCode::configuration,
                  fmt::format("what {} says of the disks is not understood", program),
                  fmt::format("run {} by hand, and name the disk by --disk", program));
}

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> mounts_in(const json& device) {
    std::vector<std::string> mounts;
    const auto found = device.find("mountpoints");
    if (found == device.end() || !found->is_array()) {
        return mounts;
    }
    mounts.reserve(found->size());
    for (const auto& point : *found) {
        if (point.is_string()) {
            mounts.push_back(point.get<std::string>());
        }
    }
    return mounts;
}

std::vector<std::string> names_in(const json& device) {
    constexpr std::array columns{std::pair("uuid", "UUID"), std::pair("label", "LABEL"),
                                 std::pair("partuuid", "PARTUUID"),
                                 std::pair("partlabel", "PARTLABEL")};
    std::vector<std::string> names{text_in(device, "path")};
    names.reserve(columns.size() + 1);
    for (const auto& [column, tag] : columns) {
        if (const auto value = text_in(device, column); !value.empty()) {
            names.push_back(fmt::format("{}={}", tag, value));
        }
    }
    return names;
}

Disk disk_from(const json& device) {
    Disk disk;
    disk.path = text_in(device, "path");
    disk.type = text_in(device, "type");
    disk.model = text_in(device, "model");
    disk.serial = text_in(device, "serial");
    const auto size = device.find("size");
    disk.size = size != device.end() && size->is_number_unsigned() ? size->get<std::uint64_t>() : 0;
    const auto read_only = device.find("ro");
    disk.read_only = read_only != device.end() && *read_only == true;
    disk.mounts = mounts_in(device);
    disk.names = names_in(device);
    return disk;
}

/// A device of the tree that lsblk tells, with its place in the list.
struct Branch {
    const json* device;
    std::size_t above;  ///< in the list; its own place where nothing is above
};

const json& children_of(const json& device) {
    static const json none = json::array();
    const auto found = device.find("children");
    return found != device.end() && found->is_array() ? *found : none;
}

/// What is mounted of a part counts as mounted of all above it, and the system's disk is so as a
/// whole.
void spread(std::vector<Disk>& disks, const std::vector<std::size_t>& above) {
    for (auto at = disks.size(); at-- > 0;) {
        if (above[at] != at) {
            auto& upper = disks[above[at]].mounts;
            upper.insert(upper.end(), disks[at].mounts.begin(), disks[at].mounts.end());
            auto& names = disks[above[at]].names;
            names.insert(names.end(), disks[at].names.begin(), disks[at].names.end());
            disks[above[at]].has_parts = true;
        }
    }
    for (std::size_t at = 0; at < disks.size(); ++at) {
        if (above[at] == at) {
            disks[at].is_of_system = std::ranges::any_of(disks[at].mounts, [](const auto& point) {
                return point == "/" || point == "/boot" || point.starts_with("/boot/");
            });
        } else {
            disks[at].is_of_system = disks[above[at]].is_of_system;
            if (disks[at].serial.empty()) {
                disks[at].serial = disks[above[at]].serial;
            }
            if (disks[at].model.empty()) {
                disks[at].model = disks[above[at]].model;
            }
        }
    }
}

}  // namespace

std::vector<Disk> parse_disks(std::string_view lsblk) {
    constexpr std::size_t most = 4096;  // devices
    const auto all = json::parse(lsblk, nullptr, false);
    const auto top = all.is_object() ? all.find("blockdevices") : all.end();
    if (!all.is_object() || top == all.end() || !top->is_array()) {
        refuse("lsblk");
    }
    std::vector<Branch> branches;
    std::vector<Disk> disks;
    std::vector<std::size_t> above;
    const auto take = [&](const json& device, std::size_t upper) {
        if (!device.is_object() || disks.size() >= most) {
            refuse("lsblk");
        }
        branches.push_back({&device, disks.size()});
        above.push_back(upper == most ? disks.size() : upper);
        disks.push_back(disk_from(device));
    };
    for (const auto& device : *top) {
        take(device, most);
    }
    for (std::size_t at = 0; at < branches.size(); ++at) {
        for (const auto& child : children_of(*branches[at].device)) {
            take(child, at);
        }
    }
    spread(disks, above);
    return disks;
}

Signatures parse_signatures(std::string_view wipefs) {
    Signatures found;
    if (wipefs.find_first_not_of(" \n") == std::string_view::npos) {
        return found;  // as some versions say of an empty disk
    }
    const auto all = json::parse(wipefs, nullptr, false);
    const auto list = all.is_object() ? all.find("signatures") : all.end();
    if (!all.is_object() || list == all.end() || !list->is_array()) {
        refuse("wipefs");
    }
    for (const auto& signature : *list) {
        const auto type = signature.is_object() ? text_in(signature, "type") : "";
        if (type.empty()) {
            refuse("wipefs");
        }
        if (std::ranges::find(found.types, type) == found.types.end()) {
            found.types.push_back(type);
        }
        for (const auto& [column, tag] : {std::pair("uuid", "UUID"), std::pair("label", "LABEL")}) {
            if (const auto value = text_in(signature, column); !value.empty()) {
                found.names.push_back(fmt::format("{}={}", tag, value));
            }
        }
        if (type == "btrfs") {
            found.btrfs_uuid = text_in(signature, "uuid");
        }
    }
    return found;
}

bool may_hold_backups(const Disk& disk) {
    const bool is_of_memory =
        disk.path.starts_with("/dev/zram") || disk.path.starts_with("/dev/ram");
    return !disk.is_of_system && !disk.read_only && !disk.has_parts && !is_of_memory &&
           disk.size >= smallest && disk.type != "rom" && disk.type != "loop" &&
           std::ranges::find(disk.mounts, "[SWAP]") == disk.mounts.end();
}

bool is_root_of_system(const Disk& disk) {
    return std::ranges::find(disk.mounts, "/") != disk.mounts.end();
}

std::string why_not_to_erase(const Disk& disk) {
    if (disk.is_of_system) {
        return "the system of this machine is on it";
    }
    if (!disk.mounts.empty()) {
        return fmt::format("it is in use ({})", escape_text(disk.mounts.front()));
    }
    if (disk.read_only) {
        return "it is read-only";
    }
    if (disk.size < smallest) {
        return "it is too small";
    }
    return {};
}

std::string erasing_words(const Disk& disk) {
    const bool is_whole = disk.type == "disk";
    const bool is_plain =
        !disk.serial.empty() && std::ranges::all_of(disk.serial, [](char character) {
            return character > ' ' && character <= '~';
        });
    return is_whole && is_plain ? disk.serial : disk.path.substr(disk.path.rfind('/') + 1);
}

std::string disk_text(const Disk& disk, const Signatures& signatures) {
    auto text = fmt::format("{}  {}", escape_text(disk.path), byte_text(disk.size));
    if (!disk.model.empty()) {
        text += "  " + escape_text(disk.model);
    }
    text += signatures.types.empty()
                ? "  empty"
                : fmt::format("  has {}",
                              escape_text(fmt::format("{}", fmt::join(signatures.types, ", "))));
    if (!disk.mounts.empty()) {
        text += fmt::format(", mounted at {}", escape_text(disk.mounts.front()));
    }
    return text;
}

}  // namespace snapferry::setup
