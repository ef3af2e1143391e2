#include "snapferry/send/link/receiver_link.h"
#include "snapferry/core/version.h"

#include <future>

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

/// Whole frames, once both sides have greeted.
std::size_t ReceiverLink::write_some(std::span<const std::byte> bytes) {
    return line_.write(whose_turn(), bytes);
}

ssh::Channel& ReceiverLink::whose_turn() {
    const auto turn = turn_ % turns_;
    turn_ = turn + 1;
    return turn == 0 ? channel_ : further_[turn - 1].channel();
}

bool ReceiverLink::is_deciphered_slowly() const {
    return is_of_kind(line_.cipher(), Cipher::chacha20);
}

void ReceiverLink::spread(unsigned connections, const wire::JoinToken& token) {
    join_further(connections, token);
    if (further_.empty()) {
        return;
    }
    line_.spread_begins();
    const auto all = 1 + further_.size();
    log_.debug("the stream goes over {} connections from here on", all);
    send(wire::Spread{static_cast<unsigned>(all)});
    turns_ = all;
    turn_ = 0;
}

void ReceiverLink::gather() {
    turns_ = 1;
    line_.stream_has_ended();
}

/// What one connection cannot have, the others do without.
void ReceiverLink::join_further(unsigned connections, const wire::JoinToken& token) {
    further_.reserve(connections - 1);
    for (unsigned number = 1; number < connections; ++number) {
        if (auto joined = join(wire::Join{token, number})) {
            further_.push_back(std::move(*joined));
        } else {
            return;
        }
    }
}

/// A login may take longer than the receiver waits for a word.
std::optional<FurtherConnection> ReceiverLink::join(const wire::Join& join) {
    constexpr std::chrono::seconds moment{1};
    auto joining =
        std::async(std::launch::async, [&] { return FurtherConnection(line_, tag_, join); });
    while (joining.wait_for(moment) != std::future_status::ready) {
        keep_alive();
        line_.show_life();
    }
    try {
        return joining.get();
    } catch (const std::exception& failure) {
        log_.debug("no further connection for the stream: {}", failure.what());
        return std::nullopt;
    }
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
