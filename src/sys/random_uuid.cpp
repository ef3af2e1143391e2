#include "snapferry/sys/random_uuid.h"

#include <sys/random.h>

#include <array>

#include "snapferry/sys/system_failure.h"

namespace snapferry::sys {

Uuid random_uuid() {
    std::array<std::byte, Uuid::size> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw system_failure(ExitCode::internal, "get random bytes");
    }
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};  // RFC 4122: version 4
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};  // RFC 4122: variant 1
    return Uuid(bytes);
}

}  // namespace snapferry::sys
