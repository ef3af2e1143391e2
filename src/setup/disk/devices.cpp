#include "devices.h"

#include "../receiver/system.h"
#include "snapferry/core/failure.h"
#include "snapferry/sys/processes/program_output.h"

namespace snapferry::setup {

std::vector<Disk> disks_here() {
    return parse_disks(sys::output_of("lsblk", {"--json", "--bytes", "--output",
                                                "PATH,SIZE,TYPE,MODEL,SERIAL,MOUNTPOINTS,RO"}));
}

Signatures signatures_on(const std::string& device) {
    return parse_signatures(sys::output_of("wipefs", {"--no-act", "--json", device}));
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
