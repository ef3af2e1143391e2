#include "snapferry/restore/whole/bring_back.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "snapferry/core/failure.h"
#include "snapferry/core/restore/offer.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/receive/talk/sender_link.h"
#include "snapferry/receive/talk/session.h"
#include "snapferry/restore/whole/lines.h"
#include "snapferry/restore/whole/manifest_check.h"
#include "snapferry/restore/whole/remembered.h"
#include "snapferry/send/here/job_places.h"
#include "snapferry/send/job/job_lock.h"
#include "snapferry/send/run/plan_report.h"
#include "snapferry/send/telling/progress_display.h"
#include "snapferry/sys/files/directory_entries.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/files/file_lock.h"
#include "snapferry/sys/pauses.h"

namespace snapferry::restore {
namespace {

/// The other side reads its disk, and perhaps waits for it.
constexpr std::chrono::minutes offer_patience{10};

/// One at a time: of two, one would work in the other's room.
sys::FileLock only_restore_of(const Tag& tag) {
    constexpr std::chrono::seconds patience{1};
    const std::filesystem::path directory(send::lock_directory);
    sys::make_private_directory(directory);
    auto lock =
        sys::FileLock::acquire(directory / fmt::format("restore-{}.lock", tag.text()), patience);
    if (!lock) {
        throw Failure(ExitCode::busy, fmt::format("another restore of {} is at work", tag.text()),
                      "it is left alone; try again when it has ended");
    }
    return std::move(*lock);
}

void pause(const Tag& tag, const std::string& host, Log& log) {
    const sys::Pauses pauses;
    if (pauses.of(tag.text())) {
        return;
    }
    pauses.begin(tag, fmt::format("a backup is brought back from {}", host));
    log.info("nothing is sent into {} from here any more, until snapferry resume {}", tag.text(),
             tag.text());
}

/// Shows how a stream comes in, from a thread of its own.
class Incoming {
  public:
    explicit Incoming(Log& log) : display_(log, send::ProgressDisplay::fitting()) {}
    ~Incoming() {
        if (job_) {
            follower_.request_stop();
            follower_.join();
            display_.ends(*job_, progress_, {});
        }
    }
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;

    [[nodiscard]] Log& log() { return display_; }

    void begins(const Tag& tag, const wire::Announce& announced,
                const receive::ReceptionProgress& come) {
        job_.emplace(send::Job{tag.text(), {}, {}, tag, {}});
        progress_.begin_stream(announced.name.text(), announced.resume_offset);
        if (announced.expected_bytes) {
            progress_.set_estimate(*announced.expected_bytes);
        }
        display_.begins(*job_, progress_);
        follower_ = std::jthread([this, &come](const std::stop_token& stop) {
            constexpr std::chrono::milliseconds interval{200};
            while (!stop.stop_requested()) {
                progress_.move_to(std::max(come.received.load(), progress_.view().begin), 0);
                std::this_thread::sleep_for(interval);
            }
        });
    }

  private:
    send::ProgressDisplay display_;
    send::JobProgress progress_;
    std::optional<send::Job> job_;
    std::jthread follower_;
};

class BringingBack {
  public:
    BringingBack(const WholeRestore& wanted, Log& log) : wanted_(wanted), log_(log) {}

    void run() {
        require_usable(wanted_.places);
        const auto lock = only_restore_of(wanted_.tag);
        stop_sending_into(wanted_.tag);
        channel_ = wanted_.reach();
        ask();
        const auto manifest = fetch();
        keep();
        const auto trouble = manifest ? compare(*manifest) : std::nullopt;
        tell_what_comes_next();
        remove_room(wanted_.places, wanted_.tag);
        log_.info(
            "{} stays paused: when you have looked at {}, let it be sent again by snapferry "
            "resume {}",
            wanted_.tag.text(), shown(wanted_.places.as), wanted_.tag.text());
        if (trouble) {
            throw Failure(*trouble);
        }
    }

  private:
    static std::string shown(const std::filesystem::path& path) {
        return escape_text(path.native());
    }

    [[nodiscard]] const Offer& offer() const { return offer_.value(); }
    [[nodiscard]] std::string name() const { return escape_text(offer().backup.name.text()); }
    [[nodiscard]] std::filesystem::path snapshot() const {
        return wanted_.places.into / offer().backup.name.text();
    }

    /// Also no run that is at work already sends what is not there yet.
    void stop_sending_into(const Tag& tag) {
        pause(tag, wanted_.host, log_);
        for (const auto& job : wanted_.jobs) {
            if (job.dest_tag == tag) {
                held_.push_back(send::lock_job(job));
            }
        }
    }

    void ask() {
        offer_ = parse_offer(read_line(channel_.from, longest_offer, offer_patience));
        if (offer().tag != wanted_.tag) {
            throw Failure(ExitCode::protocol,
                          fmt::format("{} offers {}, and {} was asked for", wanted_.host,
                                      offer().tag.text(), wanted_.tag.text()));
        }
        if (offer().derived_from) {
            stop_sending_into(*offer().derived_from);
        }
    }

    /// All that comes over the channel. Returns where the manifest is, where there is one.
    std::optional<std::filesystem::path> fetch() {
        const bool is_here = is_back(wanted_.places, offer());
        (void)is_writable_copy(wanted_.places, offer());  // else a person hears of it only at last
        const auto config = prepared_room(wanted_.places, wanted_.tag);
        if (is_here) {
            log_.info("{} is here already", name());
        } else {
            receive(config);
            settle(wanted_.places, offer());
            log_.info("{} is back, read-only: {}", name(), shown(snapshot()));
        }
        std::optional<std::filesystem::path> manifest;
        if (offer().has_manifest) {
            write_line(channel_.to, wants_manifest);
            manifest = config.target_dir / "manifest";
            take_manifest(channel_.from, *manifest);
        }
        write_line(channel_.to, wants_nothing_more);
        return manifest;
    }

    void receive(const receive::Config& config) {
        write_line(channel_.to, wants_stream);
        Incoming incoming(log_);
        try {
            receive::receive_into(
                wanted_.tag, config, channel_.from, channel_.to, incoming.log(),
                [&](const wire::Announce& announced, const receive::ReceptionProgress& come) {
                    require_what_was_offered(announced);
                    incoming.begins(wanted_.tag, announced, come);
                });
        } catch (const receive::ToldToEnd&) {
            throw Failure(ExitCode::interrupted, "stopped by a signal; what has come is kept",
                          "run the same command again: it goes on from there");
        } catch (const receive::SenderLost& lost) {
            throw Failure(ExitCode::connection,
                          fmt::format("the connection to {} broke: {}", wanted_.host, lost.what()),
                          "run the same command again: it goes on from what has come");
        }
    }

    void require_what_was_offered(const wire::Announce& announced) const {
        if (announced.name != offer().backup.name || announced.uuid != offer().backup.uuid ||
            announced.parent_uuid) {
            throw Failure(ExitCode::protocol, "what comes is not the backup that was offered");
        }
    }

    void keep() {
        jobs_ = jobs_meant(identities(), wanted_.places.into, offer(), wanted_.host);
        remember(jobs_, wanted_.places.into, offer(), log_);
        if (is_writable_copy(wanted_.places, offer())) {
            log_.info("{} is there already, and stays as it is", shown(wanted_.places.as));
        } else {
            make_writable_copy(wanted_.places, offer());
            log_.info("a writable copy of it: {}", shown(wanted_.places.as));
        }
    }

    [[nodiscard]] std::vector<JobIdentity> identities() const {
        std::vector<JobIdentity> all;
        all.reserve(wanted_.jobs.size());
        for (const auto& job : wanted_.jobs) {
            all.push_back(send::identity_of(job));
        }
        return all;
    }

    /// The data is there, whatever comes of it, and a person may want to look at it.
    [[nodiscard]] std::optional<Failure> compare(const std::filesystem::path& manifest) const {
        log_.info("reading all of it, to compare it with the manifest");
        try {
            if (!matches_manifest(snapshot(), manifest, log_)) {
                return Failure(ExitCode::receiving,
                               fmt::format("{} is not what its manifest says", name()),
                               fmt::format("it stays as it came; ask {} whether its backup is "
                                           "sound: snapferry verify",
                                           escape_text(wanted_.host)));
            }
            log_.info("it is what the manifest says");
            return std::nullopt;
        } catch (const Failure& failure) {
            return Failure(failure.code(),
                           fmt::format("{} could not be compared with its manifest: {}", name(),
                                       failure.what()),
                           failure.hint());
        }
    }

    void tell_what_comes_next() {
        for (const auto& job : jobs_) {
            const auto plan = plan_of_next(job, wanted_.places.into, wanted_.places.as,
                                           room_of(wanted_.places, wanted_.tag), offer(), log_);
            const auto parent = send::parent_in(plan);
            if (parent) {
                log_.info("the next backup would go incrementally from {}",
                          escape_text(parent->name.text()));
            } else if (const auto* full = std::get_if<FullSend>(&plan)) {
                log_.warning("the next backup would go in full: {}", full->reason);
            } else {
                log_.warning("a snapshot of {} would not be sent: the clock may be wrong",
                             shown(wanted_.places.as));
            }
        }
    }

    const WholeRestore& wanted_;
    Log& log_;
    std::vector<sys::FileLock> held_;  ///< of the jobs that could send meanwhile
    Channel channel_{};
    std::optional<Offer> offer_;
    std::vector<JobIdentity> jobs_;
};

}  // namespace

void bring_back(const WholeRestore& wanted, Log& log) {
    BringingBack(wanted, log).run();
}

}  // namespace snapferry::restore
