#include "snapferry/receive/talk/opening.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "snapferry/core/failure.h"
#include "snapferry/sys/files/descriptor_io.h"

namespace snapferry::receive {

std::size_t read_before(std::chrono::steady_clock::time_point deadline, int input,
                        std::span<std::byte> into, std::string_view silence) {
    if (!sys::wait_readable(input, sys::left_until(deadline))) {
        throw Failure(ExitCode::protocol, std::string(silence));
    }
    return sys::read_some(input, into, ExitCode::connection, "from the sender");
}

Opening read_opening(int input, std::chrono::steady_clock::time_point deadline) {
    Opening opening{};
    for (std::span<std::byte> rest = opening; !rest.empty();) {
        const auto count =
            read_before(deadline, input, rest,
                        fmt::format("the sender has said nothing, or too little, for {} s",
                                    opening_patience.count()));
        if (count == 0) {
            throw Failure(ExitCode::protocol, "the sender ended before it said anything",
                          "this program is started by snapshot-send, over ssh and sudo");
        }
        rest = rest.subspan(count);
    }
    return opening;
}

bool is(const Opening& opening, std::string_view text) {
    return std::equal(opening.begin(), opening.end(), std::as_bytes(std::span(text)).begin());
}

}  // namespace snapferry::receive
