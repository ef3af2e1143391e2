#include "snapferry/send/stream/framed_send.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/text/duration_text.h"
#include "snapferry/send/link/expect.h"
#include "snapferry/send/stream/size_estimate.h"
#include "snapferry/sys/btrfs/subvolume.h"

namespace snapferry::send {
namespace {

/// Waits for btrfs to have cleaned away what was deleted, and tells the receiver meanwhile that
/// this side lives: its patience may be as short as 10 s. Minutes are little beside a send that
/// would start over.
void wait_for_cleaner(const std::filesystem::path& snapshot, ReceiverChannel& link, Log& log,
                      JobProgress& progress) {
    constexpr std::chrono::minutes patience{10};
    constexpr std::chrono::seconds step{2};
    constexpr std::chrono::seconds worth_telling{10};
    for (auto waited = step;
         !btrfs::wait_for_space(snapshot, step, ExitCode::sending) && waited < patience;
         waited += step) {
        link.keep_alive();
        progress.show_life();
        if (waited == worth_telling) {
            log.info("waiting for btrfs to clean away deleted snapshots, for {} at most",
                     duration_text(patience));
        }
    }
}

}  // namespace

btrfs::SendRequest request_for(const StreamOrder& order) {
    btrfs::SendRequest request{order.snapshot.path, {}, order.form, false};
    if (order.parent) {
        request.parent = order.parent->path;
    }
    return request;
}

void FramedSend::begin(const StreamOrder& order,
                       const std::function<std::optional<wire::Secret>()>& draw_secret,
                       const std::function<std::filesystem::path()>& source) {
    order_ = order;
    request_ = request_for(order);
    const bool goes_on = !order.shares.empty() && begin_where_it_stopped();
    skipped_ = goes_on ? transfer_->offset() : 0;
    link_.send(announcement(goes_on, draw_secret));
    (void)expect<wire::Ready>(link_.await(), "that the stream may come");
    request_.snapshot = source();
    if (!goes_on) {
        transfer_.emplace(make_source(order.writes), link_, progress_);
    }
}

/// Who has compared all that is there vouches for it, as who begins does for what follows.
wire::Announce FramedSend::announcement(
    bool goes_on, const std::function<std::optional<wire::Secret>()>& draw_secret) {
    const auto& snapshot = order_->snapshot;
    const auto parent = order_->parent ? std::optional(order_->parent->uuid) : std::nullopt;
    const auto size = parent || goes_on ? std::nullopt : size_where_it_matters();
    wire::Announce announce{snapshot.name,
                            snapshot.uuid,
                            snapshot.transid,
                            parent,
                            order_->form,
                            order_->replace,
                            skipped_,
                            order_->parent_copy,
                            size ? std::optional(size->expected) : std::nullopt,
                            size ? std::optional(size->least) : std::nullopt,
                            goes_on ? order_->begun_with : order_->writes};
    const auto* const unread = std::get_if<Unread>(&order_->pass_over);
    if (goes_on && unread != nullptr) {
        announce.secret = unread->secret;
    } else if (announce.writes) {
        if (const auto secret = draw_secret()) {
            announce.claim = wire::claim_of(*secret);
        }
    }
    return announce;
}

std::unique_ptr<StreamSource> FramedSend::make_source(std::optional<std::uint32_t> writes) const {
    if (writes) {
        return make_filled_source(request_, *writes);
    }
    return make_kernel_source(request_);
}

/// The kernel makes the same stream again, but not always: while a deleted snapshot that shares
/// extents is being cleaned away, it writes some that it would clone. So the cleaner is waited for,
/// and the stream gets a second chance.
bool FramedSend::begin_where_it_stopped() {
    constexpr int chances = 2;
    const auto* const unread = std::get_if<Unread>(&order_->pass_over);
    if (unread == nullptr) {
        log_.info("what the receiver has is read again and compared first: {}",
                  std::get<ReadAgain>(order_->pass_over).why);
    }
    for (int chance = 1; chance <= chances; ++chance) {
        wait_for_cleaner(request_.snapshot, link_, log_, progress_);
        if (unread != nullptr ? find_where_it_stopped() : compare_with_what_is_there()) {
            return true;
        }
        log_.debug("the stream is not the one that was interrupted (try {} of {})", chance,
                   chances);
    }
    log_.info("the stream has changed since it was interrupted: starting over");
    return false;
}

/// Where the outline differs, so would what is read.
bool FramedSend::find_where_it_stopped() {
    progress_.enter(JobProgress::Phase::resuming);
    auto stream = make_filled_source(request_, order_->begun_with.value());
    auto& outlined = *stream;
    transfer_.emplace(std::move(stream), link_, progress_);
    if (!transfer_->pass_over(outlined, order_->shares)) {
        return false;
    }
    log_.info("going on at {}: nothing is read again", byte_text(transfer_->offset()));
    return true;
}

bool FramedSend::compare_with_what_is_there() {
    progress_.enter(JobProgress::Phase::comparing);
    transfer_.emplace(make_source(order_->begun_with), link_, progress_);
    return transfer_->skip(order_->shares);
}

/// The receiver is told what a full send comes to, so that it can refuse what will not fit before
/// anything travels. Only where that could be: reading all metadata may take minutes.
std::optional<StreamSize> FramedSend::size_where_it_matters() {
    constexpr std::chrono::minutes patience{5};
    const auto here = btrfs::space_of(request_.snapshot, ExitCode::sending);
    const auto used = here.total - std::min(here.total, here.free);
    if (!order_->measure && used <= order_->receiver_free_bytes / 2) {
        return std::nullopt;
    }
    return measure_stream_within(request_, patience, [&] {
        link_.keep_alive();
        progress_.show_life();
    });
}

wire::Durable FramedSend::run(const std::function<void()>& before_end) {
    const auto started = std::chrono::steady_clock::now();
    progress_.begin_stream(order_->snapshot.name.text(), skipped_);
    const auto estimate =
        order_->estimate ? std::make_unique<SizeEstimate>(request_, progress_) : nullptr;
    transfer_->run(CompressionTuning(order_->compression), before_end);
    note_what_was_sent(report_, progress_.view());
    progress_.enter(JobProgress::Phase::finishing);
    const auto durable = expect<wire::Durable>(link_.await(), "that the snapshot is on its disk");
    report_sent(std::chrono::steady_clock::now() - started);
    return durable;
}

void FramedSend::report_sent(std::chrono::steady_clock::duration time) {
    log_.info("sent {}: {}{}; it is complete and on the receiver's disk",
              order_->snapshot.name.text(), amount_text(transfer_->offset() - skipped_, time),
              transfer_->was_compressed()
                  ? fmt::format(", compressed to {} on its way", byte_text(transfer_->wire_bytes()))
                  : "");
}

void note_what_was_sent(RunReport& report, const JobProgress::View& at) {
    if (at.phase == JobProgress::Phase::sending) {
        report.stream_bytes += at.offset - at.begin;
        report.wire_bytes += at.wire_bytes;
    }
}

std::string amount_text(std::uint64_t bytes, std::chrono::steady_clock::duration time) {
    const auto seconds = std::chrono::duration<double>(time).count();
    return fmt::format("{} in {:.1f} s, {}/s", byte_text(bytes), seconds,
                       byte_text(static_cast<std::uint64_t>(static_cast<double>(bytes) /
                                                            std::max(seconds, 0.001))));
}

}  // namespace snapferry::send
