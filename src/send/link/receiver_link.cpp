#include "snapferry/send/link/receiver_link.h"
#include "snapferry/core/version.h"

#include "snapferry/core/answer/session_end.h"
#include "snapferry/core/answer/who_answers.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_command.h"

namespace snapferry::send {
namespace {

constexpr std::chrono::seconds greeting_patience{60};
constexpr std::chrono::seconds exit_patience{10};

}  // namespace

ReceiverLink::ReceiverLink(Line& line, const Tag& tag, Log& log)
    : ReceiverChannel(log),
      line_(line),
      log_(log),
      channel_(start_receiver(line, tag, log)),
      tag_(tag),
      acquaintance_(line.receiver().destination, tag) {
    greet();
}

void ReceiverLink::greet() {
    write_before_greeting(std::as_bytes(std::span(wire::greeting)));
    write_before_greeting(wire::encode(wire::Hello{name_and_version()}));
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
    note_that_something_was_said();
    (void)write_some(bytes);
}

std::size_t ReceiverLink::write_some(std::span<const std::byte> bytes) {
    return line_.write(channel_, bytes);
}

std::size_t ReceiverLink::read_some(std::span<std::byte> into, std::chrono::milliseconds wait) {
    return channel_.read(into, wait);
}

void ReceiverLink::look_at(const wire::Message& message) {
    if (const auto* welcome = std::get_if<wire::Welcome>(&message);
        welcome != nullptr && welcome->tag == tag_.text()) {
        acquaintance_.note_that_it_speaks(log_);
    }
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
