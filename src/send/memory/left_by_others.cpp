#include "snapferry/send/memory/left_by_others.h"

#include <algorithm>
#include <exception>

#include "former_address.h"
#include "neighbours.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::send {
namespace {

bool has_as_last(const Remembered& content, const std::string& name) {
    const auto disks = content.disks();
    return std::any_of(disks.begin(), disks.end(), [&](const DiskMemory& one) {
        const auto* const last = snapferry::last_arrived(one.sent);
        return last != nullptr && last->name == name;
    });
}

}  // namespace

bool is_address_of(const std::string& receiver, const JobIdentity& job) {
    const auto colon = receiver.rfind(':');
    const auto host = JobIdentity::of("", "", receiver.substr(0, colon), job.port, "").host;
    return colon != std::string::npos && host == job.host &&
           receiver.substr(colon + 1) == std::to_string(job.port);
}

bool was_alone_under_its_tag(const std::filesystem::path& home, const JobIdentity& job) {
    try {
        const auto text = sys::read_small_file(memory_file(home, job.dest_tag), max_memory_file);
        if (!text) {
            return false;
        }
        const auto all = formerly_remembered_in(*text);
        return std::all_of(all.begin(), all.end(),
                           [&](const auto& one) { return is_address_of(one.first, job); });
    } catch (const std::exception&) {
        return false;
    }
}

std::string noted_by_a_classic_script(const std::filesystem::path& snapshot_dir,
                                      const std::string& source_tag) {
    auto name = read_last_sent(last_sent_file(snapshot_dir, source_tag));
    for (const auto& neighbour : neighbours_in(sender_home(snapshot_dir))) {
        for (const auto& content : neighbour.memories) {
            if (content.mirrored == name || has_as_last(content, name)) {
                return {};
            }
        }
    }
    return name;
}

}  // namespace snapferry::send
