// Frames from the other side, in pieces of any size.
#include <algorithm>
#include <cstdint>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto bytes = std::as_bytes(std::span(data, size));
    snapferry::wire::FrameReader frames;
    try {
        while (!bytes.empty()) {
            // The first byte of each piece says how long it is.
            const auto wanted = std::to_integer<std::size_t>(bytes.front()) + 1;
            const auto piece = bytes.first(std::min(bytes.size(), wanted));
            bytes = bytes.subspan(piece.size());
            frames.push(piece);
            while (frames.next()) {
            }
        }
    } catch (const snapferry::Failure&) {
        return 0;
    }
    return 0;
}
