#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snapferry/core/names/uuid.h"
#include "snapferry/core/plan/disuse.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/resume/attempts.h"
#include "snapferry/core/wire/claim.h"

/// A receiver may have several disks, one of which is in. What a job remembers is of a disk and not
/// of a receiver: a disk that comes back after months gets an increment.
namespace snapferry::send {

/// The snapshot that arrived last.
struct LastArrived {
    std::string name;
    Uuid uuid;                   ///< that it went by
    std::optional<Uuid> copy{};  ///< as the receiver called its copy
    std::chrono::sys_seconds taken{};

    friend bool operator==(const LastArrived&, const LastArrived&) = default;
};

/// What shows that this side began the stream of a snapshot which may be unfinished there.
struct BegunStream {
    Uuid snapshot;
    wire::Secret secret;

    friend bool operator==(const BegunStream&, const BegunStream&) = default;
};

/// What a job remembers of one backup disk.
struct DiskMemory {
    std::optional<Uuid> disk{};  ///< its filesystem's; nothing where the receiver has never told
    std::vector<SentSnapshot> sent{};
    std::vector<FailedPart> failed{};
    std::optional<LastArrived> last{};
    std::set<Uuid> pins{};             ///< that are wanted when it comes back
    Disuse away{};                     ///< on which days others were in
    std::vector<BegunStream> begun{};  ///< the last to be begun comes first

    /// And that of what arrived last.
    [[nodiscard]] std::set<Uuid> needed_pins() const;

    [[nodiscard]] bool is_empty() const {
        return sent.empty() && failed.empty() && !last && begun.empty();
    }

    /// In place of what was begun of that snapshot before. Of those that never arrive only the last
    /// few are remembered: a receiver keeps one.
    void begins(const BegunStream& stream);
};

/// How many streams are remembered that were begun.
inline constexpr std::size_t most_begun_streams = 4;

/// More than any household carries about. A receiver that makes up a disk for each run makes this
/// side keep pins for so many, and no more.
inline constexpr std::size_t most_absent_disks = 7;

/// A year and a month: one that is fetched once a year gets an increment.
inline constexpr unsigned most_days_away = 400;

/// From then on a person is told what a disk that is away holds back.
inline constexpr unsigned worth_telling_days_away = 60;

/// What comes of it that the receiver has this disk in.
struct ChangeOfDisks {
    bool is_another = false;           ///< than in the run before
    bool is_known = false;             ///< it was in before
    std::vector<DiskMemory> let_go{};  ///< because there are too many
};

/// Makes what is remembered of `disk` the present one. It is known by its uuid, or else by the
/// copies on it (`remote`), to which only the receiver's own kernel gives their names: so what was
/// remembered before receivers told their disks goes to the one that it is of.
ChangeOfDisks change_disks(DiskMemory& present, std::vector<DiskMemory>& absent, const Uuid& disk,
                           const std::vector<RemoteSnapshot>& remote);

/// One more day for all that are away; returns those that have been for too long, and are forgotten
/// now.
std::vector<DiskMemory> count_day_away(std::vector<DiskMemory>& absent, std::int64_t day);

/// The records by which snapshots are told from what was sent: those of the present disk, and of
/// other disks what was not sent to this one. A copy here of what only another disk has got was not
/// sent from here, whatever uuid it has.
std::vector<SentSnapshot> records_of_all(const DiskMemory& present,
                                         const std::vector<DiskMemory>& absent);

/// One of these copies is there, by a name that only the receiver's kernel gives.
bool has_sent_to(const DiskMemory& memory, const std::vector<RemoteSnapshot>& remote);

}  // namespace snapferry::send
