#pragma once

#include <array>
#include <cstddef>

#include "snapferry/core/names/uuid.h"

/// A uuid for a test: another for each number below 65,536, and none of them null.
inline snapferry::Uuid uuid(unsigned number) {
    std::array<std::byte, snapferry::Uuid::size> bytes{};
    bytes[0] = std::byte{1};
    bytes[14] = static_cast<std::byte>(number >> 8);
    bytes[15] = static_cast<std::byte>(number & 0xff);
    return snapferry::Uuid{bytes};
}
