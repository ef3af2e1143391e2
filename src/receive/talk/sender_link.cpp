#include "snapferry/receive/talk/sender_link.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <vector>

#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::receive {
namespace {

constexpr std::chrono::seconds heartbeat_interval{5};

}  // namespace

ToldToEnd::ToldToEnd()
    : SenderLost(ExitCode::connection,
                 "the receiver was told to end, as it is when its machine is shut down") {
    set_may_pass(true);
}

SenderLink::SenderLink(int input, int output, std::chrono::seconds stall_timeout)
    : input_(input), output_(output), stall_timeout_(stall_timeout) {}

void SenderLink::send(const wire::Message& message) {
    const auto frame = wire::encode(message);
    const std::lock_guard only_one(writing_);
    if (takes_nothing_) {
        throw SenderLost(ExitCode::connection, "the sender takes nothing any more");
    }
    try {
        sys::write_before(patience(), output_, frame, ExitCode::connection, "to the sender");
    } catch (const Failure& failure) {
        takes_nothing_ = true;
        throw SenderLost(ExitCode::connection, failure.what());
    }
}

void SenderLink::write(Severity severity, std::string_view line) {
    try {
        send(wire::LogLine{severity, std::string(line)});
    } catch (const SenderLost&) {
        // Nobody listens any more. What is being done is done all the same; whoever reads from the
        // sender next finds out.
    }
}

/// Which one can be read: the signals come first, for a quick sender has always something to say.
std::optional<int> SenderLink::wait_for_input(Clock::time_point deadline) const {
    const int signals = signals_ == nullptr ? -1 : signals_->descriptor();
    return sys::first_readable(signals, input_, sys::left_until(deadline));
}

std::size_t SenderLink::read_before(Clock::time_point deadline, std::span<std::byte> into) {
    const auto ready = wait_for_input(deadline);
    if (ready && *ready != input_) {
        signals_->hear();
        throw ToldToEnd();
    }
    if (!ready) {
        throw SenderLost(ExitCode::protocol,
                         fmt::format("the sender has said nothing, or too little, for {} s",
                                     stall_timeout_.count()));
    }
    std::size_t count = 0;
    try {
        count = sys::read_some(input_, into, ExitCode::connection, "from the sender");
    } catch (const Failure& failure) {
        throw SenderLost(ExitCode::connection, failure.what());
    }
    if (count == 0) {
        throw SenderLost(ExitCode::connection, "the connection to the sender broke");
    }
    return count;
}

void SenderLink::read_whole(Clock::time_point deadline, std::span<std::byte> into) {
    while (!into.empty()) {
        into = into.subspan(read_before(deadline, into));
    }
}

wire::FrameHeader SenderLink::next_header_before(Clock::time_point deadline) {
    std::array<std::byte, wire::frame_header_size> bytes{};
    read_whole(deadline, bytes);
    return wire::decode_frame_header(bytes);
}

std::span<std::byte> SenderLink::room_for(std::size_t length) {
    payload_.resize(std::max(payload_.size(), length));
    return std::span(payload_).first(length);
}

wire::Message SenderLink::message_before(Clock::time_point deadline, std::size_t length) {
    const auto payload = room_for(length);
    read_whole(deadline, payload);
    return wire::decode(payload);
}

wire::Message SenderLink::read_message(const wire::FrameHeader& header) {
    return message_before(patience(), header.length);
}

std::span<const std::byte> SenderLink::read_payload(std::size_t length) {
    const auto payload = room_for(length);
    for (auto rest = payload; !rest.empty();) {
        rest = rest.subspan(read_some(rest));
    }
    return payload;
}

wire::Message SenderLink::due_message_before(Clock::time_point deadline) {
    const auto header = next_header_before(deadline);
    if (header.type != wire::FrameType::message) {
        throw Failure(ExitCode::protocol, "the sender sent data where a message was due");
    }
    return message_before(deadline, header.length);
}

wire::Message SenderLink::first_message(Clock::time_point deadline) {
    auto message = due_message_before(deadline);
    while (std::holds_alternative<wire::KeepAlive>(message)) {
        message = due_message_before(deadline);
    }
    return message;
}

wire::Message SenderLink::next_message() {
    auto message = due_message_before(patience());
    while (std::holds_alternative<wire::KeepAlive>(message)) {
        message = due_message_before(patience());
    }
    return message;
}

Heartbeat::Heartbeat(SenderLink& link, Report report)
    : thread_([&link, report = std::move(report)](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any bell;
          std::unique_lock waiting(mutex);
          try {
              while (!bell.wait_for(waiting, stop, heartbeat_interval, [] { return false; }) &&
                     !stop.stop_requested()) {
                  link.send(report());
              }
          } catch (const Failure&) {
              // The sender is gone: the thread that reads from it finds that out and says so.
          }
      }) {}

}  // namespace snapferry::receive
