#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/encoded/encoded_ranges.h"
#include "snapferry/core/guard/guard.h"
#include "snapferry/core/space/in_flight.h"
#include "snapferry/core/space/reserve.h"
#include "snapferry/core/stream/change_counter.h"
#include "snapferry/core/stream/reader.h"
#include "snapferry/core/stream/root_legacy.h"
#include "snapferry/core/stream/segmenter.h"
#include "snapferry/core/wire/outline_digest.h"
#include "snapferry/core/wire/stream_digest.h"
#include "snapferry/core/wire/stream_mac.h"
#include "snapferry/receive/place/staging.h"
#include "snapferry/receive/space/watch.h"
#include "snapferry/receive/stream/btrfs_receive.h"
#include "snapferry/receive/stream/checkpoint.h"
#include "snapferry/receive/stream/xattr_limit.h"
#include "snapferry/sys/processes/sealed_room.h"

namespace snapferry::receive {

struct ReceptionSettings {
    ReceiveSettings receive;
    std::filesystem::path checkpoint_file;
    std::size_t room = 0;     ///< which of the tag's rooms it goes on in
    bool checkpoints = true;  ///< false for a raw stream, whose sender cannot resume
    std::uint64_t checkpoint_every = 0;
    std::chrono::seconds checkpoint_interval{0};
    stream::Form newest_form = stream::Form::v1;  ///< that can be received here
    Reserve reserve = Reserve::of_bytes(0);
    /// Called when a checkpoint of this stream is durable: what there was of another may go.
    std::function<void()> when_checkpointed = [] {};
};

/// What the sender has said of the stream that follows.
struct Announced {
    stream::StreamIdentity identity;
    stream::Form form = stream::Form::v1;
    std::optional<std::uint32_t> writes{};  ///< see wire::Announce
    std::optional<wire::Claim> claim{};     ///< likewise
};

/// A stream that has been received to its end, as a subvolume in staging.
struct Received {
    stream::StreamIdentity identity;
    std::filesystem::path path;
    std::uint64_t bytes = 0;                       ///< of the whole stream
    std::optional<stream::ChangeCount> changes{};  ///< nothing where not all of it was counted
};

/// "received NAME in full: 3.4 GiB"
std::string text_of(const Received& received);

/// How far a reception is; read by another thread while it goes on.
struct ReceptionProgress {
    std::atomic<std::uint64_t> received{0};  ///< bytes of the stream handed to btrfs receive
    std::atomic<std::uint64_t> durable{0};   ///< bytes of the stream that a checkpoint holds
};

/// One stream on its way into staging: reader, guard, segmenter, `btrfs receive`. Nothing that it
/// does touches a backup; what it leaves in staging without a checkpoint is emptied by the next
/// run.
class Reception {
  public:
    /// Called when the stream has said what it is and before anything is made: returns the received
    /// uuid of the parent's alias for an incremental stream. Throws to refuse it.
    using Accept = std::function<std::optional<Uuid>(const stream::StreamIdentity&)>;

    /// `announced`: what the stream must be; nothing for a raw stream, which is taken at its word
    /// as far as `newest_form` goes.
    Reception(const Staging& staging, ReceptionSettings settings,
              std::optional<Announced> announced, Accept accept, ReceptionProgress& progress);

    /// Goes on where the checkpoint left off. The next checkpoint of the stream has the claim that
    /// this one has.
    Reception(const Staging& staging, ReceptionSettings settings, Checkpoint checkpoint,
              ReceptionProgress& progress);

    /// Room for the stream's next bytes, and the word that they are there: every whole command
    /// among them is checked and handed on. Throws Failure; then nothing more may be done but
    /// destroy.
    std::span<std::byte> space() { return reader_.space(); }
    void commit(std::size_t count);

    /// Bytes of the stream up to the last whole command.
    [[nodiscard]] std::uint64_t offset() const { return reader_.offset(); }

    /// The digest of the stream's bytes that came in this connection, up to the last whole command.
    [[nodiscard]] std::string digest() const { return digest_.text(); }

    /// True once the stream's END has passed.
    [[nodiscard]] bool ended() const { return guard_ && guard_->ended(); }

    /// After the stream's last byte: throws Failure where it is not whole.
    Received finish();

    /// After a broken connection: keeps what came up to the last whole command, durably, where that
    /// is more than the last checkpoint has. True where a checkpoint holds something to go on with.
    bool keep_for_later();

  private:
    using Clock = std::chrono::steady_clock;

    void take_first(const stream::Command& first);
    [[nodiscard]] stream::Form form_of(std::uint32_t version) const;
    void take(stream::Command& command);
    void note(const stream::Command& command);
    void note_bytes(std::span<const std::byte> bytes);
    void note_origin(const Checkpoint& checkpoint);
    void hand_on();
    void begin_segment();
    [[nodiscard]] stream::Xattrs legacy_of_base() const;
    void close_segment();
    void prove_segment();
    void make_checkpoint();
    [[nodiscard]] bool segment_is_due() const;
    void keeping_space(const std::function<void()>& work) const;
    [[nodiscard]] bool is_worth_a_checkpoint() const;
    [[nodiscard]] bool deserves_share_now() const;
    [[nodiscard]] wire::StreamShare share() const;
    [[nodiscard]] std::optional<stream::ChangeCount> changes() const;
    void forget(const std::string& partial) const;

    const Staging& staging_;
    ReceptionSettings settings_;
    std::optional<Announced> announced_;
    Accept accept_;
    ReceptionProgress& progress_;

    XattrLimit xattr_limit_;
    sys::SealedRoom room_;
    SpaceWatch space_;
    stream::Reader reader_;
    std::optional<stream::Guard> guard_;
    std::optional<stream::Segmenter> segmenter_;
    stream::RootLegacy legacy_;
    std::optional<BtrfsReceive> run_;  ///< of the segment that is open
    wire::StreamDigest digest_;
    wire::MacKey mac_key_;  ///< of this connection alone; told to nobody until the next
    wire::StreamMac mac_;
    std::optional<wire::OutlineDigest> outline_;  ///< nothing where nobody could compare it

    std::optional<Checkpoint> state_;  ///< of the last segment closed; partial empty: none yet
    std::string held_;                 ///< the partial that the checkpoint names; or empty
    std::vector<wire::StreamShare> earlier_shares_;  ///< of the connections before this one
    stream::Segment segment_;                        ///< that is open
    std::optional<stream::ChangeCounter> changes_;   ///< nothing where it cannot be known any more
    stream::EncodedRanges encoded_;                  ///< of the segment that is open
    std::uint64_t segment_begin_ = 0;                ///< offset in the stream
    Clock::time_point segment_started_;
    std::span<const std::byte> pending_;  ///< commands in the reader's buffer, not handed on yet
    std::uint64_t handed_on_ = 0;         ///< offset in the stream
    InFlight preallocated_;               ///< by commands that may not be carried out yet
};

}  // namespace snapferry::receive
