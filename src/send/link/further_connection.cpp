#include "snapferry/send/link/further_connection.h"

#include <array>
#include <chrono>

#include "snapferry/core/failure.h"
#include "snapferry/core/text/escape.h"
#include "snapferry/core/version.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/send/link/first_words.h"
#include "snapferry/send/link/receiver_command.h"

namespace snapferry::send {
namespace {

constexpr std::chrono::seconds patience{30};

/// The first whole message behind the greeting.
wire::Message answer_in(ssh::Channel& channel, std::string_view begin) {
    wire::FrameReader frames;
    frames.push(std::as_bytes(std::span(begin)));
    std::array<std::byte, 4096> piece{};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (const auto frame = frames.next()) {
            return wire::decode(frame->payload);
        }
        if (channel.ended() || std::chrono::steady_clock::now() >= deadline) {
            throw Failure(ExitCode::protocol, "the receiver does not let it join");
        }
        const auto count = channel.read(piece, std::chrono::seconds{1});
        frames.push(std::span(piece).first(count));
    }
}

}  // namespace

FurtherConnection::FurtherConnection(const Line& line, const Tag& tag, const wire::Join& join)
    : session_(line.another_session()),
      channel_(session_.run(receiver_command(line.receiver(), tag))) {
    this->join(join);
}

void FurtherConnection::join(const wire::Join& join) {
    (void)channel_.write(std::as_bytes(std::span(wire::greeting)));
    wire::Hello hello{name_and_version()};
    hello.joins = join;
    (void)channel_.write(wire::encode(hello));
    const auto words = hear_greeting(channel_, patience);
    const auto greeting = find_greeting(words.out);
    if (!greeting) {
        throw Failure(ExitCode::protocol, "the receiver does not answer there");
    }
    const auto answer =
        answer_in(channel_, std::string_view(words.out).substr(*greeting + wire::greeting.size()));
    if (const auto* failed = std::get_if<wire::Failed>(&answer)) {
        throw Failure(failed->code, "the receiver: " + escape_text(failed->message));
    }
    if (!std::holds_alternative<wire::Joined>(answer)) {
        throw Failure(ExitCode::protocol,
                      "the receiver answers something else than that it joined");
    }
}

}  // namespace snapferry::send
