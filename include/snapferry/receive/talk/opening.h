#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "snapferry/core/stream/format.h"
#include "snapferry/core/wire/frame.h"

/// The first bytes, which decide what is spoken.
namespace snapferry::receive {

static_assert(wire::greeting.size() == stream::magic.size());
using Opening = std::array<std::byte, wire::greeting.size()>;

/// How long the sender may take for all that comes before hello is over.
constexpr std::chrono::seconds opening_patience{60};

/// Throws Failure (protocol) where nothing comes, or too little.
Opening read_opening(int input, std::chrono::steady_clock::time_point deadline);

bool is(const Opening& opening, std::string_view text);

/// What there is to read, at least a byte; 0 at the end. Throws Failure (protocol) with `silence`
/// where nothing comes before the deadline.
std::size_t read_before(std::chrono::steady_clock::time_point deadline, int input,
                        std::span<std::byte> into, std::string_view silence);

}  // namespace snapferry::receive
