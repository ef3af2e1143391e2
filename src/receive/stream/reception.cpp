#include "snapferry/receive/stream/reception.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/core/guard/refused.h"
#include "snapferry/core/resume/share_rule.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/receive/stream/legacy_of_root.h"
#include "snapferry/sys/btrfs/subvolume.h"
#include "snapferry/sys/machine/random_bytes.h"
#include "snapferry/sys/machine/random_uuid.h"

namespace snapferry::receive {
namespace {

std::string partial_name(std::uint64_t segment) {
    return fmt::format("partial-{}", segment);
}

wire::MacKey random_mac_key() {
    wire::MacKey key{};
    sys::fill_at_random(key);
    return key;
}

}  // namespace

std::string text_of(const Received& received) {
    const auto& identity = received.identity;
    return fmt::format("received {} {}: {}", identity.name.text(),
                       identity.parent_uuid ? "incrementally" : "in full",
                       byte_text(received.bytes));
}

Reception::Reception(const Staging& staging, ReceptionSettings settings,
                     std::optional<Announced> announced, Accept accept, ReceptionProgress& progress)
    : staging_(staging),
      settings_(std::move(settings)),
      announced_(std::move(announced)),
      accept_(std::move(accept)),
      progress_(progress),
      xattr_limit_(staging.path()),
      room_(staging.path()),
      space_(staging.path(), settings_.reserve),
      mac_key_(random_mac_key()),
      mac_(mac_key_) {}

Reception::Reception(const Staging& staging, ReceptionSettings settings, Checkpoint checkpoint,
                     ReceptionProgress& progress)
    : staging_(staging),
      settings_(std::move(settings)),
      progress_(progress),
      xattr_limit_(staging.path()),
      room_(staging.path()),
      space_(staging.path(), settings_.reserve),
      reader_(stream::version_of(checkpoint.form), checkpoint.offset()),
      guard_(stream::Guard::for_rest(checkpoint.identity, checkpoint.form)),
      segmenter_(std::in_place, checkpoint.identity, stream::version_of(checkpoint.form),
                 checkpoint.alias_uuid),
      mac_key_(random_mac_key()),
      mac_(mac_key_),
      state_(std::move(checkpoint)),
      held_(state_->partial),
      earlier_shares_(state_->shares),
      handed_on_(state_->offset()) {
    progress_.received = handed_on_;
    progress_.durable = handed_on_;
    settings_.receive.goes_on = true;
    if (state_->changes) {
        changes_.emplace(*state_->changes);
    }
    note_origin(*state_);
    begin_segment();
}

void Reception::commit(std::size_t count) {
    reader_.commit(count);
    while (auto command = reader_.next()) {
        if (!guard_) {
            take_first(*command);
        } else {
            take(*command);
        }
    }
    hand_on();
    if (segment_is_due()) {
        close_segment();
        make_checkpoint();
        begin_segment();
    }
}

void Reception::take_first(const stream::Command& first) {
    const auto identity = stream::identity_of(first);
    const auto version = reader_.version().value();
    const auto form = form_of(version);
    guard_.emplace(announced_ ? announced_->identity : identity, form);
    guard_->check(first);

    state_.emplace(Checkpoint{identity, form, accept_(identity), {}, {}, 0, {}, settings_.room});
    if (announced_) {
        state_->writes = announced_->writes;
        state_->claim = announced_->claim;
    }
    note_origin(*state_);
    segmenter_.emplace(identity, version, state_->alias_uuid);
    changes_.emplace();

    std::vector<std::byte> header;
    stream::write_stream_header(header, version);
    note_bytes(header);
    if (outline_) {
        outline_->take_header(header);
    }
    note(first);
    handed_on_ = reader_.offset();
    begin_segment();
}

stream::Form Reception::form_of(std::uint32_t version) const {
    const auto refuse_version = [version](stream::Form form, std::string_view what_it_is) {
        throw stream::Refused(fmt::format("its version is {}, but {} {}", version,
                                          stream::text_of(form), what_it_is));
    };
    if (announced_) {
        if (version != stream::version_of(announced_->form)) {
            refuse_version(announced_->form, "was announced");
        }
        return announced_->form;
    }
    const auto newest = settings_.newest_form;
    if (version > stream::version_of(newest)) {
        refuse_version(newest, "is the newest that btrfs-progs here take");
    }
    return version < stream::version_of(newest) ? stream::Form::v1 : newest;
}

void Reception::take(stream::Command& command) {
    guard_->check(command);
    xattr_limit_.check(command);
    if (changes_) {
        changes_->note(command);
    }
    const auto bytes = command.bytes();
    note(command);  // before it is rewritten: the sender knows what it sent
    if (command.type() == stream::CommandType::end) {
        hand_on();  // the segment gets an END of its own
        handed_on_ = reader_.offset();
        return;
    }
    if (legacy_.takes(command)) {
        hand_on();
        handed_on_ = reader_.offset();
        return;
    }
    if (const auto size = stream::preallocated_size(command)) {
        preallocated_.add(reader_.offset(), size);
        space_.require(preallocated_.size(handed_on_));
    }
    encoded_.note(command);
    segmenter_->rewrite(command);
    const auto* const begin = pending_.empty() ? bytes.data() : pending_.data();
    pending_ = {begin, pending_.size() + bytes.size()};
}

/// Of an increment nobody asks for the outline.
void Reception::note_origin(const Checkpoint& checkpoint) {
    if (settings_.checkpoints && checkpoint.writes && !checkpoint.identity.parent_uuid) {
        outline_.emplace();
    }
}

void Reception::note(const stream::Command& command) {
    note_bytes(command.bytes());
    if (outline_) {
        outline_->take(command);
    }
}

void Reception::note_bytes(std::span<const std::byte> bytes) {
    digest_.update(bytes);
    if (settings_.checkpoints) {
        mac_.update(bytes);
    }
}

void Reception::hand_on() {
    if (pending_.empty()) {
        return;
    }
    space_.let_pass(pending_.size());
    keeping_space([this] { run_->write(pending_); });
    handed_on_ += pending_.size();
    pending_ = {};
    progress_.received = handed_on_;
}

void Reception::begin_segment() {
    // The first segment is optimistic: nearly every stream ends within it, and then it has the
    // snapshot's own uuid already.
    const bool first = state_->segments == 0;
    segment_.name = partial_name(state_->segments + 1);
    segment_.uuid = first ? state_->identity.uuid : sys::random_uuid();
    segment_.parent_uuid = first ? state_->alias_uuid : std::optional(state_->partial_uuid);
    segment_begin_ = handed_on_;
    segment_started_ = Clock::now();

    std::vector<std::byte> opening;
    segmenter_->begin(segment_, opening);
    legacy_.lay_aside(legacy_of_base(), opening);
    run_.emplace(room_, settings_.receive);
    space_.guard(run_->descriptor());
    keeping_space([&] { run_->write(opening); });
}

/// Of the root that the segment is to begin with.
stream::Xattrs Reception::legacy_of_base() const {
    if (!segment_.parent_uuid) {
        return {};
    }
    return legacy_of_root(
        staging_.entry(state_->segments == 0 ? Staging::alias_name : state_->partial));
}

void Reception::close_segment() {
    std::vector<std::byte> ending;
    legacy_.put_back(ending);
    stream::Segmenter::finish(ending);
    keeping_space([&] {
        run_->write(ending);
        run_->finish();
    });
    space_.release();
    run_.reset();
    if (!staging_.holds(segment_.name, segment_.uuid)) {
        throw Failure(ExitCode::receiving,
                      "btrfs receive said that all went well, but did not make the snapshot");
    }
}

/// Before anything is built on it, or told of it.
void Reception::prove_segment() {
    staging_.require_durable(segment_.name, encoded_);
    encoded_.clear();
}

void Reception::make_checkpoint() {
    if (segment_.uuid == state_->identity.uuid) {
        segment_.uuid = sys::random_uuid();  // unfinished: it may not have the snapshot's own
        staging_.rename_received(segment_.name, segment_.uuid, 0);
    }
    prove_segment();
    const auto previous = std::exchange(state_->partial, segment_.name);
    state_->partial_uuid = segment_.uuid;
    ++state_->segments;
    state_->shares = earlier_shares_;
    state_->shares.push_back(share());
    state_->changes = changes();
    if (deserves_share_now()) {
        write_checkpoint(settings_.checkpoint_file, *state_);
        progress_.durable = handed_on_;
        settings_.when_checkpointed();
        forget(std::exchange(held_, segment_.name));
    }
    if (previous != held_) {
        forget(previous);
    }
}

std::optional<stream::ChangeCount> Reception::changes() const {
    return changes_ ? std::optional(changes_->count()) : std::nullopt;
}

/// A partial that no checkpoint names any more.
void Reception::forget(const std::string& partial) const {
    if (!partial.empty() && btrfs::subvolume_info(staging_.entry(partial))) {
        btrfs::delete_subvolume(staging_.entry(partial));
    }
}

wire::StreamShare Reception::share() const {
    return {handed_on_, digest_.text(), wire::KeyedMac{mac_key_, mac_.text()},
            outline_ ? std::optional(outline_->text()) : std::nullopt};
}

/// What `btrfs receive` says when it was ended for the sake of the reserve is not the cause.
void Reception::keeping_space(const std::function<void()>& work) const {
    try {
        work();
    } catch (const Failure&) {
        space_.throw_if_short();
        throw;
    }
}

bool Reception::segment_is_due() const {
    constexpr std::size_t most_to_prove = std::size_t{8} * 1024 * 1024;  // bytes of memory
    if (!run_ || ended() || handed_on_ == segment_begin_) {
        return false;
    }
    return encoded_.memory() > most_to_prove ||
           (is_worth_a_checkpoint() &&
            (handed_on_ - segment_begin_ >= settings_.checkpoint_every ||
             Clock::now() - segment_started_ >= settings_.checkpoint_interval));
}

bool Reception::is_worth_a_checkpoint() const {
    return run_ && !ended() && handed_on_ > segment_begin_ && deserves_share_now();
}

bool Reception::deserves_share_now() const {
    const auto held = earlier_shares_.empty() ? 0 : earlier_shares_.back().end;
    return settings_.checkpoints && deserves_share(earlier_shares_.size(), held, handed_on_ - held);
}

Received Reception::finish() {
    if (!ended() || reader_.has_partial_command()) {
        throw stream::Refused("it ends before its end: the connection or the sender broke");
    }
    close_segment();
    std::set<std::string> expected{segment_.name};
    if (state_->alias_uuid) {
        expected.insert(Staging::alias_name);
    }
    if (!state_->partial.empty()) {
        expected.insert(state_->partial);
    }
    if (!held_.empty()) {
        expected.insert(held_);
    }
    staging_.require_only(expected);
    prove_segment();
    if (segment_.uuid != state_->identity.uuid) {
        staging_.rename_received(segment_.name, state_->identity.uuid, state_->identity.transid);
    }
    return {state_->identity, staging_.entry(segment_.name), offset(), changes()};
}

bool Reception::keep_for_later() {
    if (is_worth_a_checkpoint()) {
        close_segment();
        make_checkpoint();
    }
    return !held_.empty();
}

}  // namespace snapferry::receive
