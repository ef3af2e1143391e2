#include "snapferry/send/manifest/manifest_run.h"

#include <fmt/format.h>

#include <chrono>
#include <future>

#include "snapferry/core/failure.h"
#include "snapferry/core/log/run_log.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/link/open_link.h"
#include "snapferry/send/link/receiver_link.h"
#include "snapferry/send/manifest/delivery.h"
#include "snapferry/send/manifest/digest_memory.h"
#include "snapferry/send/manifest/made_manifest.h"
#include "snapferry/send/manifest/received_manifest.h"
#include "snapferry/send/run/retry.h"
#include "snapferry/send/run/running_job.h"
#include "snapferry/send/run/what_is_there.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/processes/idle_thread.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

/// A connection that has lain idle for longer may be gone.
constexpr std::chrono::seconds longest_idle{20};

void give_way(const std::stop_token& stop) {
    if (stop.stop_requested()) {
        throw ManifestStopped();
    }
}

/// What has been read is remembered, whatever comes of it.
MadeManifest make(const Job& job, const WantedManifest& wanted, Log& log,
                  const std::stop_token& stop) {
    const auto home = sender_home(job.snapshot_dir);
    DigestMemory memory(digests_file(home, identity_of(job).file_name()), wanted, log);
    if (memory.is_empty()) {
        log.info(
            "{} is complete at the receiver; now everything in it is read once, for its "
            "manifest, at idle priority",
            wanted.snapshot.name.text());
    }
    try {
        auto made = make_manifest(wanted.snapshot.path, home, memory, [&] {
            give_way(stop);
            memory.save_where_it_is_time();
        });
        memory.finish();
        return made;
    } catch (...) {
        memory.save();
        throw;
    }
}

/// The one that came, else one that is made; nothing where none is to be made.
std::optional<MadeManifest> get(const Job& job, const WantedManifest& wanted, Log& log,
                                const std::stop_token& stop) {
    if (auto came =
            received_manifest(job.snapshot_dir, wanted.snapshot, log, [&] { give_way(stop); })) {
        return came;
    }
    return job.makes_manifests ? std::optional(make(job, wanted, log, stop)) : std::nullopt;
}

/// On a thread of its own, which is idle and nothing else.
std::optional<MadeManifest> get_idly(const Job& job, const WantedManifest& wanted, Log& log,
                                     const std::stop_token& stop) {
    auto made = std::async(std::launch::async, [&] {
        sys::become_idle();
        return get(job, wanted, log, stop);
    });
    return made.get();
}

std::string made_text(const MadeManifest& made, steady_clock::duration time) {
    if (made.came) {
        return fmt::format("{} entries, as it came with the backup", made.summary.entries);
    }
    return fmt::format("{} entries, {} of {} files read in {:.1f} s", made.summary.entries,
                       byte_text(made.read_bytes), made.read_files,
                       std::chrono::duration<double>(time).count());
}

FinalFailure takes_none(std::string_view what) {
    return {ExitCode::protocol, fmt::format("the receiver is {}: it takes no manifests", what),
            "install this version of snapferry there"};
}

std::unique_ptr<ReceiverChannel> link_to(RunningJob& run) {
    if (run.job.protocol == Protocol::raw) {
        throw FinalFailure(ExitCode::configuration, "a receiver of raw streams takes no manifests",
                           "leave out protocol = \"raw\" where it speaks snapferry's own");
    }
    try {
        return open_link(run.line, run.job.dest_tag, run.log);
    } catch (const ClassicReceiver&) {
        throw takes_none("a classic one");
    }
}

std::vector<WantedManifest> ask_what_is_missing(RunningJob& run) {
    run.view.look();
    auto link = link_to(run);
    const auto welcome = expect<wire::Welcome>(link->await(), "what it has");
    take_in(run, welcome);
    link->send(wire::Goodbye{});
    if (!welcome.takes_manifests) {
        throw takes_none("an older one");
    }
    return wanted_manifests(run.view.all(), run.memory.sent(), run.there, ManifestScope::all);
}

}  // namespace

void send_manifest(const Job& job, const WantedManifest& wanted, Line& line, Log& log,
                   const std::stop_token& stop) {
    const auto lock = lock_manifests(job);
    const auto began = steady_clock::now();
    log.debug("making the manifest of {}", escape_text(wanted.snapshot.path));
    const auto made = get_idly(job, wanted, log, stop);
    if (!made) {
        log.debug("no manifest has come with {} yet", wanted.snapshot.name.text());
        return;
    }
    const auto took = steady_clock::now() - began;
    if (took > longest_idle) {
        line.hang_up();
    }
    if (deliver(*made, wanted, job, line, log)) {
        log.info("the receiver keeps the manifest of {}: {}", wanted.snapshot.name.text(),
                 made_text(*made, took));
    } else {
        log.info("the receiver has no need of a manifest of {} any more",
                 wanted.snapshot.name.text());
    }
}

namespace {

void send_missing(const Job& job, const RunOptions& options, Line& line, Log& log) {
    JobProgress progress;
    RunReport report;
    RunningJob run(job, options, line, log, progress, report);
    std::vector<WantedManifest> missing;
    with_retries({job.retries}, log, [&] {
        try {
            missing = ask_what_is_missing(run);
        } catch (...) {
            line.hang_up();
            throw;
        }
    });
    if (missing.empty()) {
        log.info("no manifest is missing of what is here and at the receiver");
    }
    for (const auto& wanted : missing) {
        if (options.dry_run) {
            log.info("would make the manifest of {}", wanted.snapshot.name.text());
        } else {
            send_manifest(job, wanted, line, log);
        }
    }
}

}  // namespace

void follow_up_with_manifest(const Job& job, const WantedManifest& wanted, Line& line, Log& log,
                             const std::stop_token& stop) {
    try {
        send_manifest(job, wanted, line, log, stop);
    } catch (const ManifestStopped& stopped) {
        log.debug("{}", stopped.what());
    } catch (const Failure& failure) {
        line.hang_up();
        if (failure.code() == ExitCode::busy) {
            log.info("{}", failure.what());
        } else if (!sys::kind_of(wanted.snapshot.path)) {
            log.info("{} was deleted here before its manifest was made",
                     wanted.snapshot.name.text());
        } else {
            log.warning(
                "{} is complete at the receiver, but without its manifest: {}; the next "
                "run makes the manifest of the newest",
                wanted.snapshot.name.text(), failure.what());
        }
    } catch (const std::exception& error) {
        line.hang_up();
        log.warning("{} is complete at the receiver, but without its manifest: {}",
                    wanted.snapshot.name.text(), escape_text(error.what()));
    }
}

RunEnd run_for_manifests(const Job& job, const RunOptions& options, Line& line, Log& log) {
    RunEnd end{begun_report(job), {}};
    RunLog run_log(end.report, log);
    note_failure_of(end, [&] { send_missing(job, options, line, run_log); });
    return end;
}

}  // namespace snapferry::send
