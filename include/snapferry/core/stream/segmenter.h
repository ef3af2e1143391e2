#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snapferry/core/guard/guard.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/stream/command.h"

namespace snapferry::stream {

/// One stock `btrfs receive` run: what it makes, and from what.
struct Segment {
    std::string name;                 ///< of the subvolume that this run makes in staging
    Uuid uuid;                        ///< its received uuid
    std::optional<Uuid> parent_uuid;  ///< received uuid of the alias or partial it starts from
};

/// Cuts one stream into segments at command boundaries, so that each is a whole stream to `btrfs
/// receive`, and turns every uuid that names the snapshot itself or its parent into the one that
/// this segment, or the parent's alias, has in staging.
///
/// Segment 1 has the stream's own first command under the segment's name and uuid; every later one
/// starts with a SNAPSHOT of the partial before it. The last carries the real name and uuid.
class Segmenter {
  public:
    /// `alias_uuid`: the received uuid of the parent's alias, where the stream has a parent
    /// (std::logic_error where only one of the two is given).
    Segmenter(StreamIdentity identity, std::uint32_t version, std::optional<Uuid> alias_uuid);

    /// Appends to `out` what `btrfs receive` must read before the commands of this segment: the
    /// stream header and one SUBVOL or SNAPSHOT.
    void begin(const Segment& segment, std::vector<std::byte>& out);

    /// Rewrites one command of the stream in place for the segment begun. The guard has passed it.
    /// The stream's own first command and END are not to be shown to it: begin() and finish() write
    /// those (std::logic_error).
    void rewrite(Command& command) const;

    /// Appends the END that closes the segment.
    static void finish(std::vector<std::byte>& out);

  private:
    /// What the uuid in a CLONE command is called in staging.
    [[nodiscard]] Uuid staged_uuid(const Uuid& source) const;

    StreamIdentity identity_;
    std::uint32_t version_;
    std::optional<Uuid> alias_uuid_;
    std::optional<Uuid> segment_uuid_;  ///< of the segment begun
};

}  // namespace snapferry::stream
