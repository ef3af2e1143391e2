#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "snapferry/core/check/receiver_word.h"
#include "snapferry/core/exit_code.h"
#include "snapferry/core/log/log.h"
#include "snapferry/core/names/snapshot_name.h"
#include "snapferry/core/names/uuid.h"
#include "snapferry/core/plan/identity.h"
#include "snapferry/core/stream/form.h"
#include "snapferry/core/wire/claim.h"
#include "snapferry/core/wire/stream_mac.h"

/// The control messages of docs/protocol.md. Each is one JSON object in one frame.
namespace snapferry::wire {

// ---- from the sender -------------------------------------------------------------------------

/// The sender's first message.
struct Hello {
    std::string program;        ///< name and version, for the log
    bool compares_macs = true;  ///< of an unfinished stream; older ones compare digests alone
};

/// What the stream that follows will make. Nothing of it is taken on trust: see Guard.
struct Announce {
    SnapshotName name;
    Uuid uuid;
    std::uint64_t transid = 0;
    std::optional<Uuid> parent_uuid;
    stream::Form form = stream::Form::v1;
    bool replace = false;  ///< the receiver may have this snapshot already
    std::uint64_t resume_offset =
        0;  ///< bytes of the stream that the receiver has; 0: from the start
    /// Which copy at the receiver the parent is (RemoteSnapshot::copy); an older sender, or one
    /// that knows of none, does not say.
    std::optional<Uuid> parent_copy{};
    /// bytes that the whole stream will about come to, and that it will take on the disk at least
    std::optional<std::uint64_t> expected_bytes{};
    std::optional<std::uint64_t> least_bytes{};
    /// bytes of data in a WRITE of a stream that is filled here; the kernel makes any other
    std::optional<std::uint32_t> writes{};
    std::optional<Claim> claim{};    ///< to what has been compared, and what follows; or none
    std::optional<Secret> secret{};  ///< of the claim to what is gone on with unread
};

/// After the last byte of the stream.
struct StreamEnd {
    std::uint64_t bytes = 0;  ///< of the whole stream
    std::string digest;       ///< of the bytes sent in this connection; see StreamDigest
};

/// There is nothing to send.
struct Goodbye {
    /// The newest is there already: the receiver may do what it does after each run. Otherwise
    /// somebody only looked, or comes again; older senders do not say.
    bool up_to_date = false;
};

/// Said instead of Announce: a manifest follows, packed, of a backup that is there.
struct ManifestOffer {
    Uuid copy;                ///< RemoteSnapshot::copy
    Uuid uuid;                ///< that the snapshot goes by
    std::uint64_t bytes = 0;  ///< of it, packed
};

/// After its last byte.
struct ManifestEnd {
    std::string digest;  ///< of its bytes, packed; see StreamDigest
};

/// Shows the other side that this one lives, where nothing else is to be said.
struct KeepAlive {};

// ---- from the receiver -----------------------------------------------------------------------

/// A MAC, and the key that it was made with: told only when the message is complete.
struct KeyedMac {
    MacKey key{};
    std::string mac;  ///< see StreamMac

    friend bool operator==(const KeyedMac&, const KeyedMac&) = default;
};

/// One connection's share of an unfinished stream: it ended at `end`, and these bytes since the end
/// of the share before have `digest` and `keyed`. The digest is for senders that know no MACs.
struct StreamShare {
    std::uint64_t end = 0;  ///< offset in the stream
    std::string digest;
    std::optional<KeyedMac> keyed{};       ///< nothing from an older receiver
    std::optional<std::string> outline{};  ///< see OutlineDigest; only of a stream with `writes`

    friend bool operator==(const StreamShare&, const StreamShare&) = default;
};

/// An unfinished receive that can be gone on with.
struct Unfinished {
    SnapshotName name;
    Uuid uuid;
    std::optional<Uuid> parent_uuid;
    stream::Form form = stream::Form::v1;
    std::vector<StreamShare> shares;  ///< in order; the last one's end is where to go on
    /// Which copy it builds on (RemoteSnapshot::copy); an older receiver does not say.
    std::optional<Uuid> parent_copy{};
    std::optional<std::uint32_t> writes{};     ///< as announced
    std::optional<std::string> claim_proof{};  ///< see claim_proof.h; nothing where none is claimed
};

/// The answer to Hello.
struct Welcome {
    std::string program;
    std::vector<stream::Form> forms;  ///< of streams that can be received
    std::uint64_t free_bytes = 0;
    std::vector<RemoteSnapshot> snapshots;  ///< complete ones of this tag, newest arrival first
    std::optional<Unfinished> unfinished;
    std::string tag;  ///< into which this run receives: a forced command may have chosen another
    bool takes_compressed_data = false;  ///< frames of that type
    std::optional<bool> has_fast_aes{};  ///< its processor has instructions for AES
    bool makes_macs = false;             ///< every share of an unfinished stream has one
    bool takes_manifests = false;        ///< see RemoteSnapshot::has_manifest
    std::optional<ReceiverWord> word{};  ///< how its disk is; an older receiver does not say
    std::optional<Uuid> disk{};          ///< the backup disk's filesystem; an older one is silent
    bool keeps_outlines = false;  ///< and claims, of an unfinished stream; an older one does not
};

/// The answer to Announce or ManifestOffer: the bytes may come.
struct Ready {};

/// Tells how far the receiver is, and that it lives; at least every few seconds.
struct Progress {
    std::uint64_t received = 0;  ///< bytes of the stream that have been checked and handed on
    std::uint64_t durable = 0;   ///< bytes of the stream that a power cut cannot take
};

/// A line of the receiver's log.
struct LogLine {
    Severity severity = Severity::info;
    std::string text;
};

/// The snapshot is complete, in its place and on the disk.
struct Durable {
    std::optional<Uuid> copy{};  ///< which one it is (RemoteSnapshot::copy); an older receiver does
                                 ///< not say
};

struct Kept {
    SnapshotName name;
    std::string reason;
};

/// The last word of a run that went well.
struct Result {
    std::vector<Kept> kept;
    std::vector<Kept> pruned;
    std::uint64_t free_bytes = 0;
    std::optional<ReceiverWord> word{};  ///< after what has arrived
};

/// The last word of a run that took a manifest: it is on the disk, beside its backup.
struct ManifestKept {};

/// The last word of a run that did not go well.
struct Failed {
    ExitCode code = ExitCode::receiving;
    std::string message;
    std::string hint;
    bool may_pass = false;  ///< it says nothing about what was being sent: a failing disk, say
};

using Message =
    std::variant<Hello, Announce, StreamEnd, Goodbye, KeepAlive, Welcome, Ready, Progress, LogLine,
                 Durable, Result, Failed, ManifestOffer, ManifestEnd, ManifestKept>;

/// One frame, header and payload. Throws Failure (internal) for a message over the frame's limit.
std::vector<std::byte> encode(const Message& message);

/// The message in a frame's payload. Throws Failure (protocol) for what is not JSON, an unknown
/// type, a missing field, a wrong type or a value out of range. Unknown fields are passed over, so
/// that a newer side can say more.
Message decode(std::span<const std::byte> payload);

/// Most snapshots that a Welcome may list, or a Result in its two lists together (the newest): with
/// names of 200 bytes they fit the frame's limit.
inline constexpr std::size_t max_listed_snapshots = 2048;

/// Most that this side puts into a Welcome (the newest), and takes into a tag.
inline constexpr std::size_t max_told_snapshots = 1800;

/// Most shares that an unfinished receive may have. See share_rule.h.
inline constexpr std::size_t max_shares = 1024;

/// Drops the oldest of the snapshots that the frame has no room for: with names as long as can be,
/// and many shares. A sender without them in the list has others to build on.
Welcome fitted(Welcome welcome);

}  // namespace snapferry::wire
