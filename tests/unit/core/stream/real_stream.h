#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "snapferry/core/failure.h"
#include "snapferry/core/guard/guard.h"
#include "snapferry/core/stream/reader.h"

namespace snapferry::stream::testing {

using Bytes = std::vector<std::byte>;

/// One of the kernel's own streams in tests/unit/fixtures, by name without ".stream".
Bytes real_stream(const std::string& name);

/// The real streams that the guard takes (those long enough to be cut in many places).
inline const std::vector<std::string> good_streams{"full_v1", "increment_v1", "full_v2",
                                                   "increment_v2", "compressed_v2"};

/// Whatever a stream of that version may hold.
constexpr Form form_of(std::uint32_t version) {
    return version == 1 ? Form::v1 : Form::v2_compressed;
}

/// The stream's own first command says who it is.
StreamIdentity identity_in(const Bytes& stream);

struct Reading {
    Bytes commands;  ///< what was handed out, end to end
    std::size_t count = 0;
    bool whole = false;  ///< END came, and nothing is left over
};

/// Feeds the stream through Reader and Guard in pieces of that size. Throws what they throw.
Reading read(std::span<const std::byte> stream, const StreamIdentity& announced,
             std::size_t piece_size = Reader::piece);

/// What the action is refused with; empty where it is not refused.
template <typename Action>
std::string refusal(Action&& action) {
    try {
        action();
        return "";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

}  // namespace snapferry::stream::testing
