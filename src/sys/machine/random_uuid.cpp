#include "snapferry/sys/machine/random_uuid.h"

#include <array>

#include "snapferry/sys/machine/random_bytes.h"

namespace snapferry::sys {

Uuid random_uuid() {
    std::array<std::byte, Uuid::size> bytes{};
    fill_at_random(bytes);
    bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};  // RFC 4122: version 4
    bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};  // RFC 4122: variant 1
    return Uuid(bytes);
}

}  // namespace snapferry::sys
