#include "snapferry/send/receiver_link.h"

#include <fmt/format.h>

#include <algorithm>

#include "snapferry/core/escape.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds greeting_patience{60};
constexpr std::chrono::seconds exit_patience{10};

/// A receiver that works says something every few seconds (see its Heartbeat).
constexpr std::chrono::seconds silence_patience{120};

/// Well below every receiver's patience.
constexpr std::chrono::seconds keep_alive_interval{5};

}  // namespace

ReceiverLink::ReceiverLink(Line& line, const std::string& command, Log& log)
    : line_(line), log_(log), channel_(line.session(log).run(command)), buffer_(64 * 1024) {
    greet();
}

void ReceiverLink::greet() {
    const auto greeting = std::as_bytes(std::span(wire::greeting));
    write(greeting);
    send(wire::Hello{"snapferry " SNAPFERRY_VERSION});
    std::vector<std::byte> answer;
    const auto deadline = steady_clock::now() + greeting_patience;
    while (answer.size() < greeting.size() && !channel_.ended() && steady_clock::now() < deadline) {
        const auto room = std::span(buffer_).first(greeting.size() - answer.size());
        const auto count = channel_.read(room, std::chrono::seconds{1});
        answer.insert(answer.end(), room.begin(),
                      room.begin() + static_cast<std::ptrdiff_t>(count));
    }
    if (!std::equal(answer.begin(), answer.end(), greeting.begin(), greeting.end())) {
        channel_.finish_writing();  // it may be waiting for a stream
        explain_end();
    }
    greeted_ = true;
}

void ReceiverLink::write(std::span<const std::byte> bytes) {
    last_said_ = steady_clock::now();
    if (line_.write(channel_, bytes) < bytes.size()) {
        // The receiver has closed its end: its last words say why.
        (void)await();
        explain_end();
    }
}

void ReceiverLink::send(const wire::Message& message) {
    write(wire::encode(message));
}

void ReceiverLink::keep_alive() {
    if (steady_clock::now() - last_said_ >= keep_alive_interval) {
        send(wire::KeepAlive{});
    }
}

bool ReceiverLink::read_more(std::chrono::milliseconds wait) {
    const auto count = channel_.read(buffer_, wait);
    frames_.push(std::span(buffer_).first(count));
    return count > 0;
}

void ReceiverLink::listen() {
    while (read_more(std::chrono::milliseconds{0})) {
        if (take_message()) {
            throw Failure(ExitCode::protocol, "the receiver spoke out of turn");
        }
    }
}

wire::Message ReceiverLink::await() {
    auto deadline = steady_clock::now() + silence_patience;
    for (;;) {
        if (auto message = take_message()) {
            return std::move(*message);
        }
        if (channel_.ended()) {
            explain_end();
        }
        if (read_more(std::chrono::seconds{1})) {
            deadline = steady_clock::now() + silence_patience;
        } else if (steady_clock::now() >= deadline) {
            explain_silence();
        }
    }
}

std::optional<wire::Message> ReceiverLink::take_message() {
    while (auto frame = frames_.next()) {
        if (frame->type != wire::FrameType::message) {
            throw Failure(ExitCode::protocol, "the receiver sent data, which only a sender may");
        }
        auto message = wire::decode(frame->payload);
        if (const auto* line = std::get_if<wire::LogLine>(&message)) {
            log_.write(line->severity, "receiver: " + escape_text(line->text));
        } else if (const auto* progress = std::get_if<wire::Progress>(&message)) {
            progress_ = *progress;
        } else if (const auto* failed = std::get_if<wire::Failed>(&message)) {
            throw ReceiverFailed(failed->code, "the receiver: " + escape_text(failed->message),
                                 escape_text(failed->hint));
        } else {
            return message;
        }
    }
    return std::nullopt;
}

void ReceiverLink::explain_silence() {
    throw Failure(ExitCode::protocol,
                  fmt::format("the receiver has said nothing for {} s", silence_patience.count()));
}

void ReceiverLink::explain_end() {
    const auto status = channel_.exit_status(exit_patience);
    const auto said = channel_.take_error_output();
    if (greeted_) {
        explain_session_end(said, status);
    }
    explain_remote_end(said, status);
}

}  // namespace snapferry::send
