#include "snapferry/send/transfer.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "snapferry/core/failure.h"
#include "snapferry/sys/descriptor_io.h"

namespace snapferry::send {
namespace {

/// How long the kernel may be silent (it looks for changes) before the receiver is told that this
/// side lives.
constexpr std::chrono::seconds silence{5};

}  // namespace

Transfer::Transfer(const btrfs::SendRequest& request, ReceiverLink& link)
    : link_(link), stream_(request), frame_(ReceiverLink::header_size + wire::max_data) {}

bool Transfer::skip(const std::vector<wire::StreamShare>& shares) {
    const bool same = std::all_of(shares.begin(), shares.end(),
                                  [this](const auto& share) { return skip_share(share); });
    digest_.reset();
    return same;
}

bool Transfer::skip_share(const wire::StreamShare& share) {
    digest_.reset();
    while (offset_ < share.end) {
        wait_for_stream();
        const auto most = std::min<std::uint64_t>(frame_.size(), share.end - offset_);
        const auto count = read_stream(std::span(frame_).first(static_cast<std::size_t>(most)));
        if (count == 0) {
            return false;
        }
        digest_.update(std::span(frame_).first(count));
        link_.keep_alive();
    }
    return offset_ == share.end && digest_.text() == share.digest;
}

void Transfer::run() {
    for (;;) {
        wait_for_stream();
        const auto payload = std::span(frame_).subspan(ReceiverLink::header_size);
        const auto count = read_stream(payload);
        if (count == 0) {
            break;
        }
        digest_.update(payload.first(count));
        link_.send_data(std::span(frame_).first(ReceiverLink::header_size + count));
        link_.listen();
    }
    stream_.finish();
    link_.send(wire::StreamEnd{offset_, digest_.text()});
}

/// Waits for the stream, and hears meanwhile what the receiver has to say.
void Transfer::wait_for_stream() {
    for (;;) {
        std::array waiting{pollfd{stream_.descriptor(), POLLIN, 0},
                           pollfd{link_.descriptor(), POLLIN, 0}};
        constexpr auto patience = std::chrono::milliseconds(silence).count();
        (void)::poll(waiting.data(), waiting.size(), static_cast<int>(patience));
        if (waiting[1].revents != 0) {
            link_.listen();
        }
        if (waiting[0].revents != 0) {
            return;
        }
        link_.keep_alive();
    }
}

std::size_t Transfer::read_stream(std::span<std::byte> into) {
    const auto count =
        sys::read_some(stream_.descriptor(), into, ExitCode::sending, "the kernel's stream");
    offset_ += count;
    return count;
}

}  // namespace snapferry::send
