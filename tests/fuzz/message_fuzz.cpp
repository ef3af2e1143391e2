// A control message from the other side. What is taken must survive its own encoding.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "snapferry/core/failure.h"
#include "snapferry/core/wire/frame.h"
#include "snapferry/core/wire/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace snapferry;
    try {
        const auto message = wire::decode(std::as_bytes(std::span(data, size)));
        const auto frame = wire::encode(message);
        const auto again = wire::decode(std::span(frame).subspan(wire::frame_header_size));
        if (again.index() != message.index()) {
            std::abort();
        }
    } catch (const Failure&) {
        return 0;
    }
    return 0;
}
