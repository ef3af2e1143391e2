#include "snapferry/send/link/receiver_channel.h"

#include <fmt/format.h>

#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/patience.h"
#include "snapferry/send/run/retry.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t buffer_size = 64 * 1024;  // bytes

/// A receiver that works says something every few seconds (see its Heartbeat).
constexpr std::chrono::seconds silence_patience{120};

/// Well below every receiver's patience.
constexpr std::chrono::seconds keep_alive_interval{5};

Failure silence() {
    return {ExitCode::protocol,
            fmt::format("the receiver has said nothing for {} s", silence_patience.count())};
}

Failure standstill() {
    return {ExitCode::protocol,
            fmt::format("the receiver says that it lives, and has come no further for {} h",
                        wire::longest_standstill.count()),
            "see whether its disk answers: sudo dmesg, and snapferry check, there"};
}

/// `cat` in place of a receiver, say.
void refuse_echo(const wire::Message& message) {
    if (std::holds_alternative<wire::Hello>(message)) {
        throw FinalFailure(ExitCode::protocol,
                           "what answers at the receiver is none: it sends back what it is sent",
                           "see what the command= in authorized_keys at the receiver starts");
    }
}

}  // namespace

ReceiverChannel::ReceiverChannel(Log& log) : log_(log), buffer_(buffer_size) {}

void ReceiverChannel::take_up(std::string_view words) {
    frames_.push(std::as_bytes(std::span(words)));
}

void ReceiverChannel::write(std::span<const std::byte> bytes) {
    note_that_something_was_said();
    if (write_some(bytes) < bytes.size()) {
        // The receiver has closed its end: its last words say why.
        (void)await();
        explain_end();
    }
}

void ReceiverChannel::keep_alive() {
    require_life();
    if (steady_clock::now() - last_said_ >= keep_alive_interval) {
        send(wire::KeepAlive{});
    }
}

/// From `ready` on a receiver says every few seconds that it lives.
void ReceiverChannel::require_life() {
    if (!last_heard_) {
        return;
    }
    listen();
    if (steady_clock::now() - *last_heard_ >= silence_patience) {
        throw silence();
    }
}

bool ReceiverChannel::read_more(std::chrono::milliseconds wait) {
    const auto count = read_some(buffer_, wait);
    frames_.push(std::span(buffer_).first(count));
    if (count > 0 && last_heard_) {
        last_heard_ = steady_clock::now();
    }
    return count > 0;
}

void ReceiverChannel::listen() {
    while (read_more(std::chrono::milliseconds{0})) {
        if (take_message()) {
            throw Failure(ExitCode::protocol, "the receiver spoke out of turn");
        }
    }
}

wire::Message ReceiverChannel::await() {
    wire::Patience patience(silence_patience, wire::longest_standstill, steady_clock::now());
    for (;;) {
        if (auto message = take_message()) {
            note(*message);
            return std::move(*message);
        }
        if (has_ended()) {
            explain_end();
        }
        if (read_more(std::chrono::seconds{1})) {
            patience.lives(steady_clock::now());
        }
        if (patience.is_silent(steady_clock::now())) {
            throw silence();
        }
        if (patience.stands_still(steady_clock::now())) {
            throw standstill();
        }
    }
}

void ReceiverChannel::note(const wire::Message& message) {
    look_at(message);
    if (std::holds_alternative<wire::Ready>(message)) {
        last_heard_ = steady_clock::now();
    }
}

std::optional<wire::Message> ReceiverChannel::take_message() {
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
                                 escape_text(failed->hint), failed->may_pass);
        } else {
            refuse_echo(message);
            return message;
        }
    }
    return std::nullopt;
}

}  // namespace snapferry::send
