#include "snapferry/restore/whole/remembered.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "snapferry/core/failure.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/here/pins.h"
#include "snapferry/send/here/snapshots.h"
#include "snapferry/send/memory/last_sent.h"
#include "snapferry/send/memory/sender_memory.h"
#include "snapferry/send/run/running_job.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"

namespace snapferry::restore {
namespace {

/// Once the transaction of its last change is known for good.
LocalSnapshot come_back(const std::filesystem::path& into, const Offer& offer, Log& log) {
    btrfs::commit_transaction(into, ExitCode::sending);
    for (auto& snapshot : send::list_snapshots(into, log)) {
        if (snapshot.name == offer.backup.name) {
            return std::move(snapshot);
        }
    }
    throw Failure(ExitCode::sending,
                  fmt::format("{} was deleted meanwhile",
                              escape_text((into / offer.backup.name.text()).native())),
                  "run it again");
}

/// A snapshot that is there as long as this is.
class PassingSnapshot {
  public:
    PassingSnapshot(const std::filesystem::path& source, const std::filesystem::path& directory,
                    const std::string& source_tag)
        : directory_(directory) {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        path_ = directory / fmt::format("{:%Y-%m-%dT%H:%M:%S}+00:00-@{}", now, source_tag);
        remove();
        sys::make_private_directory(directory_, ExitCode::sending);
        btrfs::create_snapshot(source, path_, true, ExitCode::sending);
        btrfs::commit_transaction(directory_, ExitCode::sending);
    }
    ~PassingSnapshot() {
        try {
            remove();
        } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): it goes with its room
        }
    }
    PassingSnapshot(const PassingSnapshot&) = delete;
    PassingSnapshot& operator=(const PassingSnapshot&) = delete;

  private:
    /// What an earlier run was killed in goes as well.
    void remove() const {
        for (const auto& entry : sys::entries_of(directory_, ExitCode::sending)) {
            if (btrfs::subvolume_info(entry.path, ExitCode::sending)) {
                btrfs::delete_subvolume(entry.path, ExitCode::sending);
            }
        }
    }

    std::filesystem::path directory_;
    std::filesystem::path path_;
};

/// Those that carry the tag, with what each goes by.
std::vector<LocalSnapshot> identified(std::vector<LocalSnapshot> all,
                                      const send::SenderMemory& memory, const Offer& offer,
                                      const std::string& source_tag) {
    send::look_for_changes(all);
    (void)identify(all, memory.sent(), offer.all);
    std::erase_if(all, [&](const LocalSnapshot& one) { return !one.name.has_tag(source_tag); });
    return all;
}

}  // namespace

std::vector<JobIdentity> jobs_meant(const std::vector<JobIdentity>& configured,
                                    const std::filesystem::path& into, const Offer& offer,
                                    const std::string& host) {
    constexpr unsigned usual_port = 22;
    const auto fallback =
        JobIdentity::of(into.native(), std::string(tag_in(offer.backup.name.text())), host,
                        usual_port, offer.derived_from.value_or(offer.tag).text());
    std::vector<JobIdentity> jobs;
    std::ranges::copy_if(configured, std::back_inserter(jobs), [&](const JobIdentity& job) {
        return job.snapshot_dir == fallback.snapshot_dir && job.source_tag == fallback.source_tag &&
               job.dest_tag == fallback.dest_tag;
    });
    if (jobs.empty()) {
        jobs.push_back(fallback);
    }
    return jobs;
}

void remember(const std::vector<JobIdentity>& jobs, const std::filesystem::path& into,
              const Offer& offer, Log& log) {
    const auto snapshot = come_back(into, offer, log);
    for (const auto& job : jobs) {
        send::Pins pins(send::sender_home(into), job.file_name(), log);
        (void)pins.pin(snapshot);
        if (offer.derived_from) {
            continue;
        }
        send::SenderMemory memory(into, job, log);
        memory.arrived(send::record_of(snapshot, offer.backup.copy),
                       snapshot.named.value_or(snapshot.taken));
        memory.mirrored(snapshot.name.text());
        memory.save();
        send::write_last_sent(send::last_sent_file(into, job.source_tag), snapshot.name);
    }
}

SendPlan plan_of_next(const JobIdentity& job, const std::filesystem::path& into,
                      const std::filesystem::path& as, const std::filesystem::path& room,
                      const Offer& offer, Log& log) {
    const PassingSnapshot passing(as, room / "next", job.source_tag);
    const send::SenderMemory memory(into, job, log);
    auto all = send::list_snapshots(into, log);
    std::ranges::move(send::list_snapshots(room / "next", log), std::back_inserter(all));
    const auto next_path = room / "next";
    std::ranges::move(send::Pins(send::sender_home(into), job.file_name(), log).list(),
                      std::back_inserter(all));
    const auto local = identified(std::move(all), memory, offer, job.source_tag);
    const auto next = std::ranges::find_if(local, [&](const LocalSnapshot& one) {
        return std::filesystem::path(one.path).parent_path() == next_path;
    });
    if (next == local.end()) {
        throw Failure(ExitCode::sending, "the snapshot that was just made is gone");
    }
    return plan_send(*next,
                     {local,
                      offer.all,
                      memory.sent(),
                      memory.attempts(),
                      false,
                      {},
                      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())});
}

}  // namespace snapferry::restore
