#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/command.h"
#include "snapferry/core/stream/form.h"

namespace snapferry::stream {

/// What a stream says it is: its first command, or the sender's announcement.
struct StreamIdentity {
    SnapshotName name;
    Uuid uuid;
    std::uint64_t transid = 0;
    std::optional<Uuid> parent_uuid;  ///< nothing in a full stream

    friend bool operator==(const StreamIdentity&, const StreamIdentity&) = default;
};

/// The identity in a SUBVOL or SNAPSHOT command. Throws Refused for any other command, a name that
/// is not a SnapshotName, or a null uuid. For a raw stream, which nobody announces.
StreamIdentity identity_of(const Command& first);

/// Stands before `btrfs receive`, which trusts its input. Every command of a stream is shown to it
/// in order; it throws Refused with a clear reason, and then nothing of the stream is to be kept.
///
/// What it holds to: exactly one SUBVOL or SNAPSHOT, first, saying what was announced; known
/// commands of the stream's form only, each with just its own attributes in their own sizes;
/// relative paths without "..", "." or empty components; clone sources only the snapshot itself or
/// its parent; offsets and lengths that cannot overflow a file; one END, and nothing after it.
class Guard {
  public:
    /// Throws Refused where the announced uuids are null, or the snapshot's is the parent's too: a
    /// clone source could then mean either.
    Guard(StreamIdentity announced, Form form);

    /// For the rest of a stream whose first command has passed another guard.
    static Guard for_rest(StreamIdentity announced, Form form);

    void check(const Command& command);

    /// True once END has passed.
    [[nodiscard]] bool ended() const { return place_ == Place::after_end; }

  private:
    enum class Place { before_first, within, after_end };

    void check_first(const Command& command) const;
    void check_later(const Command& command) const;
    void check_clone_source(const Command& command) const;

    StreamIdentity announced_;
    Form form_;
    Place place_ = Place::before_first;
};

}  // namespace snapferry::stream
