#include "snapferry/send/link/descriptor_channel.h"
#include "snapferry/core/version.h"

#include <algorithm>
#include <array>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::send {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds greeting_patience{60};

/// How long the other side may take nothing: its disk may be slow.
constexpr std::chrono::minutes write_patience{30};

constexpr auto them = "from the receiver";

}  // namespace

DescriptorChannel::DescriptorChannel(int input, int output, Log& log)
    : ReceiverChannel(log), input_(input), output_(output) {
    greet();
}

void DescriptorChannel::greet() {
    (void)write_some(std::as_bytes(std::span(wire::greeting)));
    send(wire::Hello{name_and_version()});
    std::array<std::byte, wire::greeting.size()> answer{};
    const auto deadline = steady_clock::now() + greeting_patience;
    for (std::span<std::byte> rest = answer; !rest.empty();) {
        const auto count = read_some(rest, sys::left_until(deadline));
        if (count == 0) {
            throw Failure(ExitCode::protocol, "the other side did not answer the greeting");
        }
        rest = rest.subspan(count);
    }
    if (!std::ranges::equal(answer, std::as_bytes(std::span(wire::greeting)))) {
        throw Failure(ExitCode::protocol, "the other side does not speak snapferry's protocol");
    }
}

std::size_t DescriptorChannel::write_some(std::span<const std::byte> bytes) {
    sys::write_before(steady_clock::now() + write_patience, output_, bytes, ExitCode::connection,
                      "to the receiver");
    return bytes.size();
}

std::size_t DescriptorChannel::read_some(std::span<std::byte> into,
                                         std::chrono::milliseconds wait) {
    if (ended_ || !sys::wait_readable(input_, wait)) {
        return 0;
    }
    const auto count = sys::read_some(input_, into, ExitCode::connection, them);
    ended_ = count == 0;
    return count;
}

void DescriptorChannel::explain_end() {
    throw Failure(ExitCode::connection, "the other side has ended");
}

}  // namespace snapferry::send
