#include "snapferry/core/manifest/entry.h"

#include <algorithm>

namespace snapferry::manifest {
namespace {

/// A slash ends a name, and so stands before every byte that goes on with it.
unsigned rank_of(char byte) {
    return byte == '/' ? 0U : 1U + static_cast<unsigned char>(byte);
}

}  // namespace

bool stands_before(const std::string& first, const std::string& second) {
    return std::ranges::lexicographical_compare(first, second, {}, rank_of, rank_of);
}

}  // namespace snapferry::manifest
