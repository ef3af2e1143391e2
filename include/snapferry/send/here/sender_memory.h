#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/names/job_identity.h"
#include "snapferry/core/plan/attempts.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/report/log.h"

namespace snapferry::send {

/// The snapshot that arrived last.
struct LastArrived {
    std::string name;
    Uuid uuid;                   ///< that it went by
    std::optional<Uuid> copy{};  ///< as the receiver called its copy
    std::chrono::sys_seconds taken{};

    friend bool operator==(const LastArrived&, const LastArrived&) = default;
};

/// What a job remembers between its runs: which snapshots arrived, and as which copies, and what
/// failed. It is one file of the job's own, SNAPSHOT_DIR/.snapferry/NAME.memory.json, for root
/// alone (see job_places.h). To lose it costs trust, not backups: see docs/design.md.
class SenderMemory {
  public:
    /// Reads it; one that cannot be read is said in the log, and as if there were none. Where there
    /// is none, what an earlier version remembered of the same address and tag is taken over. Reads
    /// only: save() writes.
    SenderMemory(const std::filesystem::path& snapshot_dir, const JobIdentity& job, Log& log);

    [[nodiscard]] const std::vector<SentSnapshot>& sent() const { return sent_; }
    [[nodiscard]] Attempts& attempts() { return attempts_; }
    [[nodiscard]] const Attempts& attempts() const { return attempts_; }

    /// Stays when the snapshot is no longer here. Nothing where none arrived, or only in the times
    /// of an earlier version.
    [[nodiscard]] const std::optional<LastArrived>& last_arrived() const { return last_; }

    /// The receiver takes a stream of it, which is not whole before is_whole() is said. Nothing
    /// where it is remembered already: it is sent again.
    void begun(SentSnapshot snapshot);
    void is_whole(const Uuid& uuid);

    /// In place of what was remembered of that uuid; the last to arrive comes last.
    void arrived(const SentSnapshot& snapshot, std::chrono::sys_seconds taken);

    /// Forgets what is about snapshots that are not `here` any more.
    void keep_only(const std::set<Uuid>& here);

    /// The other names under which there are pins that serve this job: what an earlier version
    /// called it, or what it was called when its receiver had another address (see take_over).
    /// Until its own pin has been made.
    [[nodiscard]] const std::set<std::string>& former_names() const { return former_; }
    void needs_no_former_name() { former_.clear(); }

    /// Where nothing is remembered: whether another job here has sent to this very receiver and
    /// tag, by the names that only the receiver's kernel gives its copies. Then it is this one,
    /// under a former address or name: what it remembers is taken over. True where it was.
    bool take_over(const std::vector<RemoteSnapshot>& remote);

    /// What last_sent_@TAG.txt was written to by this job; see noted_by_a_classic_script().
    void mirrored(const std::string& name) { mirrored_ = name; }

    /// Writes it durably where it has changed. That it cannot be written is a warning: the backup
    /// comes first.
    void save();

  private:
    [[nodiscard]] std::string text() const;
    void read(const std::string& text);
    void read_former();
    void warn_unreadable(const std::filesystem::path& file, const std::exception& error);

    std::filesystem::path home_;
    JobIdentity job_;
    std::filesystem::path file_;
    Log& log_;
    std::vector<SentSnapshot> sent_;
    Attempts attempts_;
    std::optional<LastArrived> last_;
    std::set<std::string> former_;
    std::string mirrored_;
    std::string as_read_;
};

/// An earlier version, which knew jobs by their destination's tag alone, has sent to no other
/// receiver under this one: what it left under that name is this job's alone. False where nothing
/// tells.
bool was_alone_under_its_tag(const std::filesystem::path& home, const JobIdentity& job);

/// The name in last_sent_@TAG.txt, where no job has written it there as a mirror of what it
/// remembers itself: then a classic script has, or an earlier version of this. Empty else.
std::string noted_by_a_classic_script(const std::filesystem::path& snapshot_dir,
                                      const std::string& source_tag);

}  // namespace snapferry::send
