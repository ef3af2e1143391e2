#include "snapferry/send/stream/transfer.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "snapferry/sys/machine/line_use.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

/// How long the kernel may be silent (it looks for changes) before the receiver is told that this
/// side lives.
constexpr std::chrono::seconds silence{5};

/// Measures what held a transfer up, a stretch at a time.
class StretchWatch {
  public:
    StretchWatch(int socket, const FrameMaker& frames) : socket_(socket), frames_(frames) {
        begin();
    }

    /// What the stretch since the last answer has shown, once it was long enough to show anything.
    std::optional<Stretch> next() {
        constexpr std::chrono::milliseconds length{250};
        const auto lasted = steady_clock::now() - began_;
        if (lasted < length) {
            return std::nullopt;
        }
        const auto line_before = line_;
        const auto waited_before = waited_;
        begin();
        const auto busy = (line_.busy - line_.held_by_receiver) -
                          (line_before.busy - line_before.held_by_receiver);
        return Stretch{share(busy, lasted), share(waited_ - waited_before, lasted)};
    }

  private:
    static double share(std::chrono::duration<double> part, std::chrono::duration<double> whole) {
        return part / whole;
    }

    void begin() {
        began_ = steady_clock::now();
        line_ = sys::line_use(socket_);
        waited_ = frames_.waited();
    }

    int socket_;
    const FrameMaker& frames_;
    steady_clock::time_point began_;
    sys::LineUse line_;
    std::chrono::nanoseconds waited_{};
};

}  // namespace

Transfer::Transfer(std::unique_ptr<StreamSource> stream, ReceiverChannel& link,
                   JobProgress& progress)
    : link_(link), progress_(progress), stream_(std::move(stream)) {}

bool Transfer::skip(const std::vector<wire::StreamShare>& shares) {
    const bool same = std::all_of(shares.begin(), shares.end(),
                                  [this](const auto& share) { return skip_share(share); });
    digest_.reset();
    return same;
}

bool Transfer::skip_share(const wire::StreamShare& share) {
    if (!share.keyed) {
        digest_.reset();
        return drop_until(share.end, [this](auto bytes) { digest_.update(bytes); }) &&
               digest_.text() == share.digest;
    }
    wire::StreamMac mac(share.keyed->key);
    return drop_until(share.end, [&mac](auto bytes) { mac.update(bytes); }) &&
           mac.text() == share.keyed->mac;
}

bool Transfer::pass_over(OutlinedSource& stream, const std::vector<wire::StreamShare>& shares) {
    return std::all_of(shares.begin(), shares.end(),
                       [&](const auto& share) { return pass_share_over(stream, share); });
}

bool Transfer::pass_share_over(OutlinedSource& stream, const wire::StreamShare& share) {
    wire::OutlineDigest outline;
    for (;;) {
        switch (stream.pass_over(share.end, outline)) {
            case Passing::waits:
                wait_for(stream.descriptor());
                break;
            case Passing::goes_on:
                link_.keep_alive();
                progress_.show_life();
                break;
            case Passing::arrived:
                offset_ = share.end;
                progress_.move_to(offset_, 0);
                return outline.text() == share.outline;
            case Passing::no_border:
                return false;
        }
    }
}

/// False where the stream ends before, or that is no offset to go to.
bool Transfer::drop_until(std::uint64_t end,
                          const std::function<void(std::span<const std::byte>)>& take) {
    constexpr std::size_t piece = 1024 * 1024;  // bytes
    std::vector<std::byte> dropped(piece);
    while (offset_ < end) {
        const auto most = std::min<std::uint64_t>(dropped.size(), end - offset_);
        const auto room = std::span(dropped).first(static_cast<std::size_t>(most));
        const auto count = stream_->read(room);
        if (!count) {
            wait_for(stream_->descriptor());
            continue;
        }
        if (*count == 0) {
            return false;
        }
        offset_ += *count;
        progress_.move_to(offset_, 0);
        take(room.first(*count));
        link_.keep_alive();
    }
    return offset_ == end;
}

void Transfer::run(CompressionTuning tuning, const std::function<void()>& before_end) {
    FrameMaker frames(*stream_, digest_, tuning.level());
    StretchWatch watch(link_.descriptor(), frames);
    const auto begin = offset_;
    for (auto frame = next_frame(frames); !frame.empty(); frame = next_frame(frames)) {
        link_.send_frame(frame);
        wire_bytes_ += frame.size();
        progress_.move_to(begin + frames.taken_bytes(), wire_bytes_);
        link_.listen();
        if (const auto stretch = watch.next()) {
            tuning.learn(*stretch);
            frames.set_level(tuning.level());
        }
    }
    stream_->finish();
    offset_ += frames.stream_bytes();
    was_compressed_ = frames.has_compressed();
    before_end();
    link_.send(wire::StreamEnd{offset_, digest_.text()});
}

std::span<const std::byte> Transfer::next_frame(FrameMaker& frames) {
    for (;;) {
        if (const auto frame = frames.take()) {
            return *frame;
        }
        wait_for(frames.descriptor());
    }
}

/// Waits until the descriptor can be read, and hears meanwhile what the receiver has to say.
void Transfer::wait_for(int descriptor) {
    for (;;) {
        std::array waiting{pollfd{descriptor, POLLIN, 0}, pollfd{link_.descriptor(), POLLIN, 0}};
        constexpr auto patience = std::chrono::milliseconds(silence).count();
        (void)::poll(waiting.data(), waiting.size(), static_cast<int>(patience));
        if (waiting[1].revents != 0) {
            link_.listen();
        }
        if (waiting[0].revents != 0) {
            return;
        }
        link_.keep_alive();
        progress_.show_life();
    }
}

}  // namespace snapferry::send
