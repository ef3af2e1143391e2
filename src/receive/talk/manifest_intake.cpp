#include "snapferry/receive/talk/manifest_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "snapferry/core/failure.h"
#include "snapferry/core/manifest/packing.h"
#include "snapferry/core/manifest/reader.h"
#include "snapferry/core/text/byte_text.h"
#include "snapferry/core/wire/stream_digest.h"

namespace snapferry::receive {
namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;  // bytes; what is looked at at once

/// One that comes, looked at before it is written.
class Arrival {
  public:
    Arrival(ArrivingManifest& file, std::uint64_t announced) : file_(file), announced_(announced) {}

    void take(std::span<const std::byte> bytes) {
        if (bytes.size() > announced_ - taken_) {
            throw manifest::Malformed("it is longer than it was said to be");
        }
        taken_ += bytes.size();
        digest_.update(bytes);
        unpacker_.push(bytes);
        file_.write(bytes);
    }

    manifest::Summary finish(const wire::ManifestEnd& end) {
        if (taken_ != announced_) {
            throw manifest::Malformed("it is shorter than it was said to be");
        }
        if (end.digest != digest_.text()) {
            throw manifest::Malformed("what arrived is not what was sent: the checksums differ");
        }
        unpacker_.finish();
        return reader_.finish();
    }

    /// From any thread.
    [[nodiscard]] std::uint64_t taken() const { return taken_; }

  private:
    ArrivingManifest& file_;
    std::uint64_t announced_;
    std::atomic<std::uint64_t> taken_ = 0;
    wire::StreamDigest digest_;
    manifest::Reader reader_{[](const manifest::Entry&) {}};
    manifest::Unpacker unpacker_{[this](std::span<const std::byte> bytes) { reader_.push(bytes); }};
};

void take_data(SenderLink& link, Arrival& arrival, std::size_t length) {
    std::array<std::byte, piece> room{};
    while (length > 0) {
        const auto count = link.read_some(std::span(room).first(std::min(length, room.size())));
        arrival.take(std::span(room).first(count));
        length -= count;
    }
}

wire::ManifestEnd take_frames(SenderLink& link, Arrival& arrival) {
    for (;;) {
        const auto header = link.next_header();
        if (header.type == wire::FrameType::data) {
            take_data(link, arrival, header.length);
            continue;
        }
        if (header.type == wire::FrameType::compressed_data) {
            throw Failure(ExitCode::protocol, "the sender compressed a manifest twice");
        }
        const auto message = link.read_message(header);
        if (const auto* end = std::get_if<wire::ManifestEnd>(&message)) {
            return *end;
        }
        if (!std::holds_alternative<wire::KeepAlive>(message)) {
            throw Failure(ExitCode::protocol, "the sender broke off its own manifest");
        }
    }
}

}  // namespace

void take_manifest(const wire::ManifestOffer& offered, ManifestShelf& shelf, SenderLink& link,
                   Log& log) {
    const auto& backup = shelf.require_wanted(offered);
    auto file = shelf.begin(backup);
    Arrival arrival(file, offered.bytes);
    const Heartbeat heartbeat(link, [&] { return wire::Progress{arrival.taken(), 0}; });
    link.send(wire::Ready{});
    const auto summary = arrival.finish(take_frames(link, arrival));
    shelf.keep(file, backup);
    log.info("kept the manifest of {}: {} entries, {} packed", backup.name.text(), summary.entries,
             byte_text(offered.bytes));
}

}  // namespace snapferry::receive
