#include "snapferry/send/link/receiver_link.h"

#include <fmt/format.h>

#include "snapferry/core/answer/session_end.h"
#include "snapferry/core/answer/who_answers.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/wire/patience.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_command.h"
#include "snapferry/send/run/retry.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds greeting_patience{60};
constexpr std::chrono::seconds exit_patience{10};

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

ReceiverLink::ReceiverLink(Line& line, const Tag& tag, Log& log)
    : line_(line),
      log_(log),
      channel_(start_receiver(line, tag, log)),
      tag_(tag),
      acquaintance_(line.receiver().destination, tag),
      buffer_(64 * 1024) {
    greet();
}

void ReceiverLink::greet() {
    write_before_greeting(std::as_bytes(std::span(wire::greeting)));
    write_before_greeting(wire::encode(wire::Hello{"snapferry " SNAPFERRY_VERSION}));
    const auto words = hear_greeting(channel_, greeting_patience);
    const auto& destination = line_.receiver().destination;
    const auto who = who_answers(words.last_words(destination.user), words.ended,
                                 {false, acquaintance_.has_spoken()});
    if (const auto* nobody = std::get_if<NoReceiver>(&who)) {
        throw_failure_of(*nobody);
    }
    if (const auto* raw = std::get_if<SpeaksRaw>(&who)) {
        throw ClassicReceiver(ExitCode::protocol, raw->evidence);
    }
    const auto& noise = std::get<SpeaksSnapferry>(who).noise;
    if (!noise.empty()) {
        line_.warn_once(log_, noise_warning(noise, destination.user));
    }
    take_up(std::string_view(words.out).substr(noise.size() + wire::greeting.size()));
}

/// A command that ends before it has read all of this says why.
void ReceiverLink::write_before_greeting(std::span<const std::byte> bytes) {
    last_said_ = steady_clock::now();
    (void)line_.write(channel_, bytes);
}

void ReceiverLink::take_up(std::string_view words) {
    frames_.push(std::as_bytes(std::span(words)));
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
    require_life();
    if (steady_clock::now() - last_said_ >= keep_alive_interval) {
        send(wire::KeepAlive{});
    }
}

/// From `ready` on a receiver says every few seconds that it lives.
void ReceiverLink::require_life() {
    if (!last_heard_) {
        return;
    }
    listen();
    if (steady_clock::now() - *last_heard_ >= silence_patience) {
        throw silence();
    }
}

bool ReceiverLink::read_more(std::chrono::milliseconds wait) {
    const auto count = channel_.read(buffer_, wait);
    frames_.push(std::span(buffer_).first(count));
    if (count > 0 && last_heard_) {
        last_heard_ = steady_clock::now();
    }
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
    wire::Patience patience(silence_patience, wire::longest_standstill, steady_clock::now());
    for (;;) {
        if (auto message = take_message()) {
            look_at(*message);
            return std::move(*message);
        }
        if (channel_.ended()) {
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

void ReceiverLink::look_at(const wire::Message& message) {
    if (const auto* welcome = std::get_if<wire::Welcome>(&message);
        welcome != nullptr && welcome->tag == tag_.text()) {
        acquaintance_.note_that_it_speaks(log_);
    } else if (std::holds_alternative<wire::Ready>(message)) {
        last_heard_ = steady_clock::now();
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
                                 escape_text(failed->hint), failed->may_pass);
        } else {
            refuse_echo(message);
            return message;
        }
    }
    return std::nullopt;
}

void ReceiverLink::explain_end() {
    const auto status = channel_.exit_status(exit_patience);
    const auto end = judge_session_end({"", channel_.take_error_output(), status});
    if (end.kind == NoReceiver::Kind::crashed) {
        throw ReceiverCrashed(end.code, end.message, end.hint);
    }
    throw_failure_of(end);
}

}  // namespace snapferry::send
