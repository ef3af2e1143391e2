#include "devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/setup/receiver/receiver_setup.h"
#include "snapferry/sys/processes/program_output.h"

namespace snapferry::setup {

std::vector<Disk> disks_here() {
    return parse_disks(sys::output_of("lsblk", {"--json", "--bytes", "--output", lsblk_columns}));
}

Signatures signatures_on(const std::string& device) {
    return parse_signatures(sys::output_of("wipefs", {"--no-act", "--json", device}));
}

std::optional<Disk> disk_at(const std::string& device) {
    const auto disks = disks_here();
    std::error_code error;
    const auto real = std::filesystem::canonical(device, error);
    const auto found = std::ranges::find_if(disks, [&](const Disk& disk) {
        std::error_code ignored;
        return std::filesystem::path(disk.path).filename() == real.filename() ||
               std::filesystem::canonical(disk.path, ignored) == real;
    });
    return error || found == disks.end() ? std::nullopt : std::optional(*found);
}

std::string words_to_erase(const std::string& device) {
    const auto disk = disk_at(device);
    const auto why = disk ? why_not_to_erase(*disk) : "lsblk does not know it";
    if (!why.empty()) {
        throw Failure(ExitCode::configuration,
                      fmt::format("{} is not erased: {}", escape_text(device), why),
                      "choose another disk, or take it out of use first");
    }
    return erasing_words(*disk);
}

std::vector<std::string> offered_disks() {
    const auto disks = disks_here();
    std::vector<std::string> lines;
    lines.reserve(disks.size());
    for (const auto& disk : disks) {
        if (!may_hold_backups(disk)) {
            continue;
        }
        try {
            lines.push_back(disk_text(disk, signatures_on(disk.path)));
        } catch (const Failure&) {
            continue;  // one that cannot be read cannot hold backups
        }
    }
    return lines;
}

}  // namespace snapferry::setup
