#include "snapferry/send/stream/frame_maker.h"

#include <sys/eventfd.h>

#include <algorithm>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/system_failure.h"

namespace snapferry::send {
namespace {

constexpr std::size_t slot_size = wire::frame_header_size + wire::max_data;

/// How long a frame that is to be compressed waits to be full: what comes later goes into the next.
constexpr std::chrono::milliseconds lull{50};

/// How soon the thread notices that it is to end while the kernel looks for changes.
constexpr std::chrono::milliseconds attention{200};

/// What a frame must lose to be worth the other side's trouble.
constexpr std::size_t worthwhile(std::size_t size) {
    return size - size / 16;
}

}  // namespace

FrameMaker::FrameMaker(StreamSource& stream, wire::StreamDigest& digest, int level)
    : stream_(stream),
      digest_(digest),
      level_(level),
      made_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE)) {
    if (!made_) {
        throw sys::system_failure(ExitCode::internal, "make an eventfd");
    }
    for (auto& slot : ring_) {
        slot.bytes = std::make_unique_for_overwrite<std::byte[]>(slot_size);
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

FrameMaker::~FrameMaker() = default;

std::optional<std::span<const std::byte>> FrameMaker::take() {
    eventfd_t one = 0;
    if (::eventfd_read(made_.get(), &one) != 0) {
        return std::nullopt;
    }
    const std::lock_guard looking(mutex_);
    freed_count_ = taken_count_;
    room_.notify_one();
    const auto& slot = ring_.at(taken_count_++ % slots);
    if (slot.size == 0 && failure_) {
        std::rethrow_exception(failure_);
    }
    taken_bytes_ = slot.stream_end;
    return std::span<const std::byte>(slot.bytes.get(), slot.size);
}

void FrameMaker::work(const std::stop_token& stop) {
    for (bool more = true; more && wait_for_room(stop);) {
        auto& slot = ring_.at(made_count_ % slots);
        try {
            slot.size = make_frame(slot, stop);
            slot.stream_end = stream_bytes_;
        } catch (const std::exception&) {
            failure_ = std::current_exception();
            slot.size = 0;
        }
        more = slot.size > 0;
        publish();
    }
}

bool FrameMaker::wait_for_room(const std::stop_token& stop) {
    const auto began = std::chrono::steady_clock::now();
    std::unique_lock waiting(mutex_);
    const bool has_room =
        room_.wait(waiting, stop, [this] { return made_count_ - freed_count_ < slots; });
    waited_ = waited_.load() + (std::chrono::steady_clock::now() - began);
    return has_room && !stop.stop_requested();
}

void FrameMaker::publish() {
    {
        const std::lock_guard making(mutex_);
        ++made_count_;
    }
    (void)::eventfd_write(made_.get(), 1);
}

/// The size of the frame; 0 at the end of the stream.
std::size_t FrameMaker::make_frame(Slot& slot, const std::stop_token& stop) {
    const int level = level_;
    const auto payload = std::span(slot.bytes.get(), slot_size).subspan(wire::frame_header_size);
    const bool compresses = level > 0 && shrinking_.worth_trying();
    if (compresses && !uncompressed_) {
        uncompressed_ = std::make_unique_for_overwrite<std::byte[]>(wire::max_data);
    }
    const auto data = compresses ? std::span(uncompressed_.get(), wire::max_data) : payload;
    const auto count = level > 0 ? read_whole_frame(data, stop) : read_some(data, stop);
    digest_.update(data.first(count));
    stream_bytes_ += count;
    return count == 0 ? 0 : put(slot, data.first(count), compresses ? level : 0);
}

/// A full frame packs best; an end or a lull makes it shorter.
std::size_t FrameMaker::read_whole_frame(std::span<std::byte> into, const std::stop_token& stop) {
    std::size_t filled = read_some(into, stop);
    while (filled > 0 && filled < into.size()) {
        const auto count = stream_.read(into.subspan(filled));
        if (count == 0U || (!count && !sys::wait_readable(stream_.descriptor(), lull))) {
            break;
        }
        filled += count.value_or(0);
    }
    return filled;
}

std::size_t FrameMaker::read_some(std::span<std::byte> into, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (const auto count = stream_.read(into)) {
            return *count;
        }
        (void)sys::wait_readable(stream_.descriptor(), attention);
    }
    return 0;
}

std::size_t FrameMaker::put(Slot& slot, std::span<const std::byte> data, int level) {
    const std::span frame(slot.bytes.get(), slot_size);
    const auto payload = frame.subspan(wire::frame_header_size);
    std::optional<std::size_t> packed;
    if (level > 0) {
        packed = compressor_.compress(data, payload.first(worthwhile(data.size())), level);
        shrinking_.tried(packed.has_value());
        if (!packed) {
            std::copy(data.begin(), data.end(), payload.begin());
        }
    }
    has_compressed_ = has_compressed_ || packed;
    const auto size = packed.value_or(data.size());
    const auto header = wire::encode_frame_header(
        {packed ? wire::FrameType::compressed_data : wire::FrameType::data,
         static_cast<std::uint32_t>(size)});
    std::copy(header.begin(), header.end(), frame.begin());
    return wire::frame_header_size + size;
}

}  // namespace snapferry::send
