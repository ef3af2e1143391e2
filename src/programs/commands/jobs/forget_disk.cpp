#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../command.h"
#include "../surroundings.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/text/near_word.h"
#include "snapferry/send/config/config.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/send/memory/sender_memory.h"
#include "snapferry/sys/logs/console_log.h"
#include "snapferry/sys/processes/program.h"

namespace snapferry::commands {
namespace {

struct Wanted {
    std::string job;
    std::string disk;  ///< empty: tell which there are
};

send::Job job_called(const Shared& shared, const std::string& name) {
    const auto jobs = send::load_jobs(shared.config);
    const auto found = std::ranges::find(jobs, name, &send::Job::name);
    if (found == jobs.end()) {
        std::vector<std::string> names;
        names.reserve(jobs.size());
        for (const auto& job : jobs) {
            names.push_back(job.name);
        }
        throw Failure(
            ExitCode::configuration,
            fmt::format("{} has no [jobs.{}]", escape_text(shared.config), escape_text(name)),
            hint_of_words(name, names));
    }
    return *found;
}

/// What stands for the uuid of one that an earlier version remembered.
constexpr std::string_view never_told = "never-told";

std::string name_of(const std::optional<Uuid>& disk) {
    return disk ? disk->text() : std::string(never_told);
}

std::string line_of(const send::DiskMemory& memory, std::string_view where) {
    return fmt::format("{}  {}, {}\n", name_of(memory.disk), where,
                       memory.last ? "has " + escape_text(memory.last->name) : "has nothing whole");
}

void tell_of_disks(const send::SenderMemory& memory) {
    const auto& present = memory.present_disk();
    if (present.is_empty() && !present.disk && memory.absent_disks().empty()) {
        print("nothing has been sent to any disk yet\n");
        return;
    }
    print(line_of(present, "in at the last run"));
    for (const auto& one : memory.absent_disks()) {
        print(line_of(one, fmt::format("away on {} days of runs", one.away.days)));
    }
}

/// As it is shown here, or as blkid(8) and the log have it.
const send::DiskMemory* disk_called(const send::SenderMemory& memory, std::string_view disk) {
    constexpr std::string_view before_uuid = "UUID=";
    if (disk.starts_with(before_uuid)) {
        disk.remove_prefix(before_uuid.size());
    }
    const auto uuid = Uuid::parse(disk);
    const auto& absent = memory.absent_disks();
    const auto found = std::ranges::find_if(absent, [&](const send::DiskMemory& one) {
        return one.disk ? one.disk == uuid : disk == never_told;
    });
    return found == absent.end() ? nullptr : &*found;
}

/// Of pins, only those that nothing else needs.
void forget(const send::Job& job, send::SenderMemory& memory, const std::string& disk, Log& log) {
    const auto* const found = disk_called(memory, disk);
    if (found == nullptr) {
        throw Failure(
            ExitCode::configuration,
            fmt::format("{} waits for no disk \"{}\"", escape_text(job.name), escape_text(disk)),
            fmt::format("snapferry forget-disk {} names those that are away",
                        escape_text(job.name)));
    }
    const auto uuid = found->disk;
    const auto needless = memory.forget_disk(uuid).value();
    memory.save();
    send::Pins pins(send::sender_home(job.snapshot_dir), send::identity_of(job).file_name(), log);
    pins.give_up(needless);
    print(
        fmt::format("{} is forgotten; what is on it is untouched, and should it come back, it may "
                    "need a full send\n",
                    uuid ? uuid->text() : "the disk that never told its uuid"));
}

ExitCode forget_disk(const Shared& shared, const Wanted& wanted) {
    sys::require_root("what is held beside the snapshots is root's");
    const auto job = job_called(shared, wanted.job);
    sys::ConsoleLog log(sys::Verbosity::normal);
    const auto lock = send::lock_job(job);
    send::SenderMemory memory(job.snapshot_dir, send::identity_of(job), log);
    if (wanted.disk.empty()) {
        tell_of_disks(memory);
    } else {
        forget(job, memory, wanted.disk, log);
    }
    return ExitCode::done;
}

}  // namespace

Command declare_forget_disk(CLI::App& app, const Shared& shared) {
    const auto wanted = std::make_shared<Wanted>();
    auto* const command = app.add_subcommand(
        "forget-disk", "wait no longer for a backup disk that is away; or say which are");
    command->add_option("JOB", wanted->job, "its name")->required();
    command->add_option("UUID", wanted->disk, "the filesystem of the disk");
    return {command, [&shared, wanted] { return forget_disk(shared, *wanted); }};
}

}  // namespace snapferry::commands
