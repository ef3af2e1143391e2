#include "snapferry/receive/talk/framed_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/resume/claim_rule.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/version.h"
#include "snapferry/core/wire/claim_proof.h"
#include "snapferry/core/wire/compression.h"
#include "snapferry/receive/disk/own_word.h"
#include "snapferry/receive/place/workplace.h"
#include "snapferry/receive/talk/manifest_intake.h"
#include "snapferry/receive/talk/reception_note.h"
#include "snapferry/sys/machine/processor.h"
#include "snapferry/sys/signals/held_signals.h"

namespace snapferry::receive {
namespace {

/// While it lives, what is to end this program ends what the sender says.
class ListeningToSignals {
  public:
    explicit ListeningToSignals(SenderLink& link) : link_(link) { link_.listen_to(&signals_); }
    ~ListeningToSignals() { link_.listen_to(nullptr); }
    ListeningToSignals(const ListeningToSignals&) = delete;
    ListeningToSignals& operator=(const ListeningToSignals&) = delete;

  private:
    sys::HeldSignals signals_;
    SenderLink& link_;
};

class FramedSession {
  public:
    FramedSession(SenderLink& link, Log& log, const wire::Hello& hello, const Tag& tag,
                  const Config& config, OnStream on_stream = {})
        : link_(link),
          log_(log),
          hello_(hello),
          tag_(tag),
          config_(config),
          place_(tag, config, log),
          on_stream_(std::move(on_stream)) {}

    /// The last word, which is not said yet; nothing where there was nothing to send.
    std::optional<wire::Message> run() {
        place_.require_not_derived();
        place_.tell_what_is_held();
        link_.send(welcome());
        const auto answer = link_.next_message();
        if (const auto* announced = std::get_if<wire::Announce>(&answer)) {
            if (announced->resume_offset > 0) {  // a full disk is no reason to give up what it has
                place_.go_on();
                place_.require_space(place_.unfinished_parent_copy());
            }
            place_.clearing_up([&] { receive(*announced); });
        } else if (const auto* offered = std::get_if<wire::ManifestOffer>(&answer)) {
            auto shelf = place_.manifests();
            take_manifest(*offered, shelf, link_, log_);
            last_word_ = wire::ManifestKept{};
        } else if (const auto* goodbye = std::get_if<wire::Goodbye>(&answer)) {
            if (goodbye->up_to_date) {
                place_.keep_house();
            }
        } else {
            throw Failure(ExitCode::protocol, "the sender neither announced a snapshot nor left");
        }
        return std::move(last_word_);
    }

  private:
    wire::Welcome welcome() {
        wire::Welcome message;
        message.program = name_and_version();
        message.tag = tag_.text();
        message.forms = stream::forms_up_to(place_.newest_form());
        message.free_bytes = place_.free_bytes();
        message.takes_compressed_data = true;
        message.has_fast_aes = sys::has_fast_aes();
        message.snapshots = snapshots_to_tell();
        if (const auto& left = place_.checkpoint()) {
            message.unfinished = to_tell(*left);
        }
        message.makes_macs = true;
        message.keeps_outlines = true;
        message.takes_manifests = true;
        message.word = own_word(config_, place_.held());
        message.disk = place_.disk();
        return wire::fitted(std::move(message));
    }

    [[nodiscard]] wire::Unfinished to_tell(const Checkpoint& left) const {
        wire::Unfinished unfinished{
            left.identity.name, left.identity.uuid, left.identity.parent_uuid,
            left.form,          left.shares,        place_.unfinished_parent_copy(),
            left.writes};
        if (left.claim) {
            unfinished.claim_proof =
                wire::claim_proof(*left.claim, unfinished, left.identity.transid);
        }
        return unfinished;
    }

    /// Newest arrival first: those of the tag, and what stands in for one that is gone.
    std::vector<RemoteSnapshot> snapshots_to_tell() {
        const auto shelf = place_.manifests();
        std::vector<std::pair<std::uint64_t, RemoteSnapshot>> all;
        for (const auto& one : place_.inventory().backups) {
            all.push_back(
                {one.arrival, {one.name, one.received_uuid, one.copy, shelf.has(one.copy)}});
        }
        for (const auto& other : place_.stand_ins()) {
            const auto& one = other.backup;
            all.push_back({one.arrival, {one.name, one.received_uuid, other.stands_for}});
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        std::vector<RemoteSnapshot> told;
        for (auto& [arrival, snapshot] : all) {
            if (told.size() < wire::max_told_snapshots) {
                told.push_back(std::move(snapshot));
            }
        }
        return told;
    }

    /// What is to end this program ends the stream first, and what has arrived is kept.
    void receive(const wire::Announce& announced) {
        const ListeningToSignals listening(link_);
        if (on_stream_) {
            on_stream_(announced, progress_);
        }
        const stream::StreamIdentity identity{announced.name, announced.uuid, announced.transid,
                                              announced.parent_uuid};
        if (!announced.replace && place_.inventory().has(identity.uuid)) {
            throw Failure(ExitCode::receiving, identity.name.text() + " is here already");
        }
        if (announced.form > place_.newest_form()) {
            throw Failure(ExitCode::protocol,
                          fmt::format("the sender announced a stream {}, which was not offered",
                                      stream::text_of(announced.form)));
        }
        note_.emplace(tag_, identity.name.text(), announced.expected_bytes);
        if (announced.resume_offset > 0) {
            resume(identity, announced);
        } else {
            // Refused before the stream has travelled.
            const auto parent_copy = place_.check(identity, announced.parent_copy);
            place_.begin();
            if (!place_.checkpoint()) {  // that might have to go: not for a mere announcement
                place_.require_space(parent_copy);
            }
            place_.require_room_for(announced, parent_copy);
            Reception reception(
                place_.staging(), place_.reception_settings(true),
                Announced{identity, announced.form, announced.writes, announced.claim},
                [&](const auto& found) {
                    place_.require_space(parent_copy);
                    place_.take_the_place_of_another(announced);
                    return place_.bring_parent_in(found, announced.parent_copy);
                },
                progress_);
            take_stream(reception);
        }
    }

    void resume(const stream::StreamIdentity& identity, const wire::Announce& announced) {
        const auto& left = place_.checkpoint();
        if (!left || left->identity != identity || left->offset() != announced.resume_offset ||
            left->form != announced.form ||
            (announced.parent_copy && announced.parent_copy != place_.unfinished_parent_copy())) {
            throw Failure(ExitCode::protocol,
                          "the sender wants to go on with something that is not here");
        }
        auto checkpoint = *left;
        checkpoint.claim = claim_that_goes_on(left->claim, announced);
        checkpoint.writes = writes_that_go_on(left->writes, announced);
        Reception reception(place_.staging(), place_.reception_settings(true),
                            std::move(checkpoint), progress_);
        log_.info("going on with {} at {}{}", identity.name.text(), byte_text(left->offset()),
                  what_was_compared(announced));
        take_stream(reception);
    }

    [[nodiscard]] std::string_view what_was_compared(const wire::Announce& announced) const {
        if (announced.secret) {
            return "; the sender has shown that it began this, and reads nothing again";
        }
        return hello_.compares_macs
                   ? ""
                   : "; the sender is an older one, and has compared checksums alone: they find "
                     "accidents, and prove nothing about who sent what is here";
    }

    void take_stream(Reception& reception) {
        note_->came(progress_.received.load());
        const Heartbeat heartbeat(link_, [this] {
            note_->came(progress_.received.load());
            return wire::Progress{progress_.received.load(), progress_.durable.load()};
        });
        link_.send(wire::Ready{});
        try {
            const auto end = take_frames(reception);
            complete(reception, end);
        } catch (const SenderLost& lost) {
            keep_for_later(reception, lost);
            throw;
        }
    }

    /// Reads the stream to the sender's word that it is whole.
    wire::StreamEnd take_frames(Reception& reception) {
        for (;;) {
            const auto header = link_.next_header();
            if (header.type == wire::FrameType::data) {
                take_data(reception, header.length);
                continue;
            }
            if (header.type == wire::FrameType::compressed_data) {
                take_compressed_data(reception, header.length);
                continue;
            }
            const auto message = link_.read_message(header);
            if (const auto* end = std::get_if<wire::StreamEnd>(&message)) {
                return *end;
            }
            if (!std::holds_alternative<wire::KeepAlive>(message)) {
                throw Failure(ExitCode::protocol, "the sender broke off its own stream");
            }
        }
    }

    void take_data(Reception& reception, std::size_t length) {
        const auto room = reception.space().first(length);
        for (std::size_t filled = 0; filled < length;) {
            filled += read_or_commit(reception, room, filled);
        }
        reception.commit(length);
    }

    void take_compressed_data(Reception& reception, std::size_t length) {
        const auto payload = link_.read_payload(length);
        reception.commit(decompressor_.decompress(payload, reception.space()));
    }

    /// Reads more of a data frame. Where the sender is lost in its middle, what came of it counts.
    std::size_t read_or_commit(Reception& reception, std::span<std::byte> room,
                               std::size_t filled) {
        try {
            return link_.read_some(room.subspan(filled));
        } catch (const SenderLost&) {
            reception.commit(filled);
            throw;
        }
    }

    void complete(Reception& reception, const wire::StreamEnd& end) {
        if (end.bytes != reception.offset() || end.digest != reception.digest()) {
            throw Failure(ExitCode::receiving,
                          "what arrived is not what the sender sent: the checksums differ",
                          "run it again; if this comes again, test the memory of both machines");
        }
        const auto received = reception.finish();
        auto result = place_.complete(received, [&](const Uuid& copy) {
            log_.info("{}", text_of(received));
            tell_durable(copy);
        });
        constexpr std::size_t leaves_room = wire::max_listed_snapshots / 2;  // in its frame
        if (result.kept.size() + result.pruned.size() <= leaves_room) {
            result.word = own_word(config_, place_.held());
        }
        last_word_ = std::move(result);
    }

    /// A sender that is gone by now finds the snapshot in the list next time.
    void tell_durable(const Uuid& copy) {
        try {
            link_.send(wire::Durable{copy});
        } catch (const SenderLost&) {
        }
    }

    void keep_for_later(Reception& reception, const SenderLost& lost) {
        try {
            reception.keep_for_later();
        } catch (const std::exception& failure) {
            throw Failure(ExitCode::receiving,
                          fmt::format("{}; what came since the last checkpoint is lost: {}",
                                      lost.what(), failure.what()));
        }
    }

    SenderLink& link_;
    Log& log_;
    const wire::Hello& hello_;
    const Tag& tag_;
    const Config& config_;
    Workplace place_;
    OnStream on_stream_;
    ReceptionProgress progress_;
    std::optional<ReceptionNote> note_;  ///< from the announcement on
    wire::Decompressor decompressor_;
    std::optional<wire::Message> last_word_;
};

}  // namespace

std::optional<wire::Message> talk_in_frames(SenderLink& link, Log& log, const wire::Hello& hello,
                                            const Tag& tag, const Config& config,
                                            OnStream on_stream) {
    return FramedSession(link, log, hello, tag, config, std::move(on_stream)).run();
}

}  // namespace snapferry::receive
