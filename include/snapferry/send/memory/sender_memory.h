#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/log/log.h"
#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/resume/attempts.h"
#include "snapferry/send/memory/disk_memory.h"

namespace snapferry::send {

/// What a job remembers between its runs: which snapshots arrived, and as which copies, and what
/// failed. It is one file of the job's own, SNAPSHOT_DIR/.snapferry/NAME.memory.json, for root
/// alone (see job_places.h). To lose it costs trust, not backups: see docs/design.md.
class SenderMemory {
  public:
    /// Reads it; one that cannot be read is said in the log, and as if there were none. Where there
    /// is none, what an earlier version remembered of the same address and tag is taken over. Reads
    /// only: save() writes.
    SenderMemory(const std::filesystem::path& snapshot_dir, const JobIdentity& job, Log& log);

    /// See records_of_all().
    [[nodiscard]] const std::vector<SentSnapshot>& sent() const { return records_; }
    [[nodiscard]] Attempts& attempts() { return attempts_; }
    [[nodiscard]] const Attempts& attempts() const { return attempts_; }

    /// On the disk that is in. Stays when the snapshot is no longer here. Nothing where none
    /// arrived, or only in the times of an earlier version.
    [[nodiscard]] const std::optional<LastArrived>& last_arrived() const { return present_.last; }

    /// Likewise, on whichever disk has the newest.
    [[nodiscard]] std::optional<LastArrived> newest_arrived() const;

    /// The receiver has said which disk it has in, and what is on it: from now on that one's memory
    /// counts. Says where it is another than before.
    void disk_is(const Uuid& disk, const std::vector<RemoteSnapshot>& remote);

    /// The pins that the disk that is in has need of, should it go now.
    void needs_pins(const std::set<Uuid>& uuids) { present_.pins = uuids; }

    [[nodiscard]] const DiskMemory& present_disk() const { return present_; }

    /// The last to have been in comes first.
    [[nodiscard]] const std::vector<DiskMemory>& absent_disks() const { return absent_; }

    /// Forgets one that is away; returns the pins that only it had need of, nothing where it is not
    /// among them. Without a uuid, what was remembered before receivers told theirs.
    std::optional<std::set<Uuid>> forget_disk(const std::optional<Uuid>& disk);

    /// Those that the disks need which are away.
    [[nodiscard]] std::set<Uuid> pins_of_absent_disks() const;

    /// A day on which they were away: those that have been for too long are forgotten, and of
    /// others that have been for long a person is told what they cost.
    void count_day_away(std::chrono::sys_days today);

    /// The receiver takes a stream of it, which is not whole before is_whole() is said. Nothing
    /// where it is remembered already: it is sent again.
    void begun(SentSnapshot snapshot);
    void is_whole(const Uuid& uuid);

    /// What shows the receiver, with the disk that is in, that this side began the stream of this
    /// snapshot.
    [[nodiscard]] std::optional<wire::Secret> secret_of(const Uuid& snapshot) const;

    /// Draws one, for a stream that is about to be announced, and writes it durably; nothing where
    /// that cannot be: then the stream goes without.
    std::optional<wire::Secret> draw_secret(const Uuid& snapshot);

    /// In place of what was remembered of that uuid; the last to arrive comes last. The receiver
    /// has nothing unfinished now.
    void arrived(const SentSnapshot& snapshot, std::chrono::sys_seconds taken);

    /// Forgets what is about snapshots that are neither `here` any more nor pinned for any disk.
    void keep_only(const std::set<Uuid>& here);

    /// The other names under which there are pins that serve this job: what an earlier version
    /// called it, or what it was called when its receiver had another address (see take_over).
    /// Until its own pin has been made.
    [[nodiscard]] const std::set<std::string>& former_names() const { return former_; }
    void needs_no_former_name() { former_.clear(); }

    /// Where nothing is remembered of this disk: whether another job here has sent to this very
    /// receiver and tag, by the names that only the receiver's kernel gives its copies. Then it is
    /// this one, under a former address or name: what it remembers is taken over. True where it
    /// was.
    bool take_over(const std::vector<RemoteSnapshot>& remote);

    /// What last_sent_@TAG.txt was written to by this job; see noted_by_a_classic_script().
    void mirrored(const std::string& name) { mirrored_ = name; }

    /// Writes it durably where it has changed. That it cannot be written is a warning: the backup
    /// comes first. True where it is written.
    bool save();

  private:
    [[nodiscard]] std::string text() const;
    void read(const std::string& text);
    void read_former();
    void set_present(DiskMemory memory);
    void tell_of(const ChangeOfDisks& change) const;
    void warn_unreadable(const std::filesystem::path& file, const std::exception& error);

    std::filesystem::path home_;
    JobIdentity job_;
    std::filesystem::path file_;
    Log& log_;
    DiskMemory present_;  ///< but for what failed
    Attempts attempts_;
    std::vector<DiskMemory> absent_;
    std::vector<SentSnapshot> records_;  ///< see sent()
    std::set<std::string> former_;
    std::string mirrored_;
    std::string as_read_;
};

}  // namespace snapferry::send
