#include "snapferry/send/stream/frame_maker.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>

#include "catch.h"
#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/pipe.h"

using namespace snapferry;
using namespace std::chrono_literals;
using send::FrameMaker;
using Bytes = std::vector<std::byte>;

namespace {

Bytes noise(std::size_t size) {
    Bytes bytes(size);
    std::mt19937 random(1);
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<std::byte>(random()); });
    return bytes;
}

Bytes text(std::size_t size) {
    Bytes bytes = noise(size);
    for (auto& byte : bytes)
        byte &= std::byte{0x0f};
    return bytes;
}

/// What a receiver makes of the frames, and of what types they were.
struct Arrived {
    Bytes stream;
    std::size_t on_the_wire = 0;
    std::size_t plain = 0;
    std::size_t compressed = 0;

    void take(std::span<const std::byte> frame) {
        on_the_wire += frame.size();
        const auto header = wire::decode_frame_header(frame.first<wire::frame_header_size>());
        const auto payload = frame.subspan(wire::frame_header_size);
        REQUIRE(payload.size() == header.length);
        if (header.type == wire::FrameType::data) {
            ++plain;
            stream.insert(stream.end(), payload.begin(), payload.end());
            return;
        }
        REQUIRE(header.type == wire::FrameType::compressed_data);
        ++compressed;
        Bytes room(wire::max_data);
        const auto size = wire::Decompressor{}.decompress(payload, room);
        stream.insert(stream.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size));
    }
};

/// What comes out of a descriptor.
class PipedSource : public send::StreamSource {
  public:
    explicit PipedSource(int end) : end_(end) {}
    std::optional<std::size_t> read(std::span<std::byte> into) override {
        return sys::wait_readable(end_, 0ms)
                   ? std::optional(sys::read_some(end_, into, ExitCode::sending, "the stream"))
                   : std::nullopt;
    }
    [[nodiscard]] int descriptor() const override { return end_; }
    void finish() override {}

  private:
    int end_;
};

/// Takes frames until the one that says that the stream has ended.
Arrived take_all(FrameMaker& frames) {
    Arrived arrived;
    for (;;) {
        while (!sys::wait_readable(frames.descriptor(), 10s)) {
        }
        const auto frame = frames.take();
        if (!frame)
            continue;
        if (frame->empty())
            return arrived;
        arrived.take(*frame);
    }
}

/// Writes all of it in pieces, and closes.
std::jthread written(sys::UniqueFd& end, const Bytes& bytes, std::size_t piece) {
    return std::jthread([&end, &bytes, piece] {
        for (auto rest = std::span<const std::byte>(bytes); !rest.empty();) {
            const auto now = rest.first(std::min(piece, rest.size()));
            sys::write_all(end.get(), now, ExitCode::internal, "to the test");
            rest = rest.subspan(now.size());
        }
        end.close();
    });
}

}  // namespace

TEST_CASE("the frames hold the stream, at any level and in whatever pieces it comes") {
    auto content = text(3'000'000);
    const auto incompressible = noise(2'500'000);
    content.insert(content.end(), incompressible.begin(), incompressible.end());
    wire::StreamDigest whole;
    whole.update(content);
    for (const int level : {0, 1, 9})
        for (const std::size_t piece : {std::size_t{70'001}, content.size()}) {
            auto pipe = sys::Pipe::make_for_bulk();
            const auto writer = written(pipe.write_end, content, piece);
            wire::StreamDigest digest;
            PipedSource source(pipe.read_end.get());
            FrameMaker frames(source, digest, level);
            const auto arrived = take_all(frames);
            CHECK((arrived.stream == content));
            CHECK(frames.stream_bytes() == content.size());
            CHECK(frames.taken_bytes() == content.size());
            CHECK(digest.text() == whole.text());
            CHECK((arrived.compressed > 0) == (level > 0));
            CHECK(frames.has_compressed() == (level > 0));
            CHECK(arrived.plain > 0);  // the noise
            if (level > 0)
                CHECK(arrived.on_the_wire < content.size() * 4 / 5);
        }
}

TEST_CASE("the level may change amid the stream") {
    const auto content = text(12'000'000);
    auto pipe = sys::Pipe::make_for_bulk();
    const auto writer = written(pipe.write_end, content, content.size());
    wire::StreamDigest digest;
    PipedSource source(pipe.read_end.get());
    FrameMaker frames(source, digest, 0);
    frames.set_level(1);
    const auto arrived = take_all(frames);
    CHECK((arrived.stream == content));
    CHECK(arrived.compressed > 0);
}

TEST_CASE("an empty stream has an end and no frame") {
    auto pipe = sys::Pipe::make_for_bulk();
    pipe.write_end.close();
    wire::StreamDigest digest;
    PipedSource source(pipe.read_end.get());
    FrameMaker frames(source, digest, 3);
    CHECK(take_all(frames).on_the_wire == 0);
}

TEST_CASE("whoever takes no frames holds up the stream") {
    const auto content = text(20'000'000);
    auto pipe = sys::Pipe::make_for_bulk();
    wire::StreamDigest digest;
    PipedSource source(pipe.read_end.get());
    FrameMaker frames(source, digest, 0);
    const auto writer = written(pipe.write_end, content, content.size());
    while (frames.waited() == 0ns && frames.stream_bytes() < content.size())
        std::this_thread::sleep_for(50ms);
    std::this_thread::sleep_for(200ms);
    CHECK(frames.stream_bytes() < content.size());
    CHECK((take_all(frames).stream == content));
}

TEST_CASE("it ends at once where nobody wants its frames any more") {
    auto pipe = sys::Pipe::make_for_bulk();
    wire::StreamDigest digest;
    PipedSource source(pipe.read_end.get());
    { const FrameMaker waits_for_the_stream(source, digest, 3); }
    const auto content = text(20'000'000);
    std::jthread writer([&] {
        [[maybe_unused]] const auto written =
            ::write(pipe.write_end.get(), content.data(), 8'000'000);  // until nobody reads
    });
    {
        const FrameMaker waits_for_room(source, digest, 0);
        std::this_thread::sleep_for(100ms);
    }
    pipe.read_end.close();
}

TEST_CASE("a stream that cannot be read is a failure of the sender, told to who takes") {
    auto pipe = sys::Pipe::make();
    wire::StreamDigest digest;
    // The end for writing cannot be read; poll() says so at once.
    PipedSource source(pipe.write_end.get());
    FrameMaker frames(source, digest, 0);
    pipe.read_end.close();
    try {
        (void)take_all(frames);
        FAIL("nothing was thrown");
    } catch (const Failure& failure) {
        CHECK(failure.code() == ExitCode::sending);
    }
}
