#include "snapferry/receive/talk/join_point.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "snapferry/core/failure.h"
#include "snapferry/receive/backups/receiving_status.h"
#include "snapferry/sys/files/descriptor_io.h"
#include "snapferry/sys/files/file.h"
#include "snapferry/sys/machine/random_bytes.h"

namespace snapferry::receive {
namespace {

/// What is said where an input is handed over: the token, and the connection's number.
using Word = std::array<std::byte, wire::JoinToken::size + 1>;

Word word_of(const wire::Join& join) {
    Word word{};
    std::copy(join.token.bytes.begin(), join.token.bytes.end(), word.begin());
    word.back() = static_cast<std::byte>(join.number);
    return word;
}

std::optional<wire::Join> join_in(std::span<const std::byte> said) {
    if (said.size() != Word{}.size()) {
        return std::nullopt;
    }
    wire::Join join;
    std::copy_n(said.begin(), join.token.bytes.size(), join.token.bytes.begin());
    join.number = std::to_integer<unsigned>(said.back());
    return join;
}

}  // namespace

JoinPoint::JoinPoint(const std::filesystem::path& place) : place_(place, ExitCode::receiving) {
    sys::fill_at_random(token_.bytes);
}

std::vector<FurtherInput> JoinPoint::take(unsigned count) {
    std::vector<FurtherInput> inputs(count);
    unsigned found = 0;
    while (found < count) {
        auto handed = place_.next();
        if (!handed) {
            throw Failure(ExitCode::protocol,
                          "the sender spreads its stream over connections that have not joined");
        }
        const auto join = join_in(handed->word);
        if (!join || !wire::is_same(join->token, token_) || join->number < 1 ||
            join->number > count || inputs[join->number - 1].input) {
            continue;
        }
        inputs[join->number - 1] = {std::move(handed->connection), std::move(handed->descriptor)};
        ++found;
    }
    return inputs;
}

std::filesystem::path join_place_of(const Tag& tag) {
    sys::make_private_directory(progress_directory);
    return std::filesystem::path(progress_directory) / fmt::format("join-{}", tag.text());
}

void join_exchange(const std::filesystem::path& place, const wire::Join& join, int input,
                   SenderLink& link) {
    const auto connection = sys::hand_over(place, word_of(join), input, ExitCode::protocol);
    link.send(wire::Joined{});
    constexpr std::chrono::hours at_once{1};
    while (!sys::wait_readable(connection.get(), at_once)) {
    }
}

}  // namespace snapferry::receive
