#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/names/tag.h"
#include "snapferry/core/plan/attempts.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/report/log.h"

namespace snapferry::send {

/// What a job remembers between its runs: which snapshots arrived, and as which copies, and what
/// failed. It is one file, SNAPSHOT_DIR/.snapferry/DEST_TAG.memory.json, for root alone. To lose it
/// costs trust, not backups: see docs/design.md.
class SenderMemory {
  public:
    /// Reads it; one that cannot be read is said in the log, and as if there were none. `receiver`
    /// is where the job sends to: what was sent elsewhere is another's memory, and stays as it is.
    SenderMemory(const std::filesystem::path& snapshot_dir, const Tag& dest_tag,
                 std::string receiver, Log& log);

    [[nodiscard]] const std::vector<SentSnapshot>& sent() const { return sent_; }
    [[nodiscard]] Attempts& attempts() { return attempts_; }
    [[nodiscard]] const Attempts& attempts() const { return attempts_; }

    /// The receiver takes a stream of it, which is not whole before is_whole() is said. Nothing
    /// where it is remembered already: it is sent again.
    void begun(SentSnapshot snapshot);
    void is_whole(const Uuid& uuid);

    /// In place of what was remembered of that uuid; the last to arrive comes last.
    void arrived(const SentSnapshot& snapshot);

    /// Forgets what is about snapshots that are not `here` any more.
    void keep_only(const std::set<Uuid>& here);

    /// Writes it durably where it has changed. That it cannot be written is a warning: the backup
    /// comes first.
    void save();

  private:
    [[nodiscard]] std::string text() const;
    void read(const std::string& text);

    std::filesystem::path file_;
    std::string receiver_;
    Log& log_;
    std::vector<SentSnapshot> sent_;
    Attempts attempts_;
    std::string others_;  ///< what belongs to other receivers, as JSON
    std::string as_read_;
};

}  // namespace snapferry::send
