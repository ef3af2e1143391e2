#include "snapferry/send/link/first_words.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/send/link/receiver_command.h"
#include "snapferry/send/run/retry.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds exit_patience{10};

/// A classic receiver may mount its disk before it looks at what it gets.
constexpr std::chrono::minutes raw_question_patience{5};

/// Takes what comes until `enough` or the end, and no more than a greeting may stand behind.
template <typename Enough>
void listen(ssh::Channel& channel, FirstWords& words, std::chrono::seconds patience,
            Enough enough) {
    const auto deadline = steady_clock::now() + patience;
    std::array<std::byte, 4096> piece{};
    while (!enough(words) && !channel.ended() && words.out.size() < greeting_bound &&
           steady_clock::now() < deadline) {
        const auto count = channel.read(piece, std::chrono::seconds{1});
        words.out.append(reinterpret_cast<const char*>(piece.data()), count);
    }
}

void hear_the_end(ssh::Channel& channel, FirstWords& words) {
    words.ended = channel.ended();
    const bool drowned = words.out.size() >= greeting_bound;  // it may go on without end
    words.status = channel.exit_status(drowned ? std::chrono::seconds{0} : exit_patience);
    words.err = channel.take_error_output();
}

/// The beginning of a conversation, as long as a stream's header: 17 bytes.
std::array<std::byte, 17> opening_that_breaks_off() {
    std::array<std::byte, 17> opening{};
    const auto greeting = std::as_bytes(std::span(wire::greeting));
    const auto header = wire::encode_frame_header({wire::FrameType::message, 0});
    auto end = std::copy(greeting.begin(), greeting.end(), opening.begin());
    std::copy_n(header.begin(), opening.size() - greeting.size(), end);
    return opening;
}

bool never_enough(const FirstWords& /*words*/) {
    return false;
}

}  // namespace

FirstWords hear_greeting(ssh::Channel& channel, std::chrono::seconds patience) {
    FirstWords words;
    const auto greeted = [](const FirstWords& heard) {
        return find_greeting(heard.out).has_value();
    };
    listen(channel, words, patience, greeted);
    if (greeted(words)) {
        return words;
    }
    channel.finish_writing();
    listen(channel, words, exit_patience, never_enough);
    hear_the_end(channel, words);
    return words;
}

void question_before_raw(Line& line, const Tag& tag, Log& log) {
    auto channel = start_receiver(line, tag, log);
    (void)line.write(channel, opening_that_breaks_off());
    channel.finish_writing();
    FirstWords words;
    listen(channel, words, raw_question_patience, never_enough);
    hear_the_end(channel, words);
    const auto who =
        who_answers(words.last_words(line.receiver().destination.user), words.ended, {true, {}});
    if (const auto* nobody = std::get_if<NoReceiver>(&who)) {
        throw_failure_of(*nobody);
    }
    if (const auto* raw = std::get_if<SpeaksRaw>(&who)) {
        log.debug("a raw stream is demanded, and a receiver is there ({})", raw->evidence);
    } else {
        log.info(
            "a raw stream is demanded, although this receiver speaks snapferry's protocol: what is "
            "interrupted cannot be gone on with");
    }
    log.info("a raw receiver cannot say what it has: what was noted as sent last counts");
}

void throw_failure_of(const NoReceiver& nobody) {
    const bool may_pass = nobody.kind == NoReceiver::Kind::failed ||
                          nobody.kind == NoReceiver::Kind::silent ||
                          nobody.kind == NoReceiver::Kind::lost;
    if (may_pass) {
        throw Failure(nobody.code, nobody.message, nobody.hint);
    }
    throw FinalFailure(nobody.code, nobody.message, nobody.hint);
}

}  // namespace snapferry::send
